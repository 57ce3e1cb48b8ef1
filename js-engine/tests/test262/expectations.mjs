// The expectation file: what is known to fail and why, in groups, and what is not run and why. A run must match it
// exactly: what fails is known, and what is known fails.

// {failures: [{reason, tests}]} -> Map of id to the group's reason
export function expected({ failures }) {
  const known = new Map();
  for (const { reason, tests } of failures) {
    if (typeof reason !== 'string' || reason === '') throw new Error('expectations: a group of failures has no reason');
    for (const id of tests) {
      if (known.has(id)) throw new Error(`expectations: ${id} is in two groups`);
      known.set(id, reason);
    }
  }
  return known;
}

// What differs from the expectations; `ran` says whether an id was part of this run.
export function differences(known, failed, ran) {
  const unexpected = [...failed].filter(([id]) => !known.has(id)).map(([id, why]) => `${id}: ${why}`);
  const passed = [...known.keys()].filter((id) => ran(id) && !failed.has(id));
  return { unexpected: unexpected.sort(), passed: passed.sort() };
}

// {reason: number of tests}, from what was skipped by which rule.
export function byReason(skip, counts) {
  const sums = new Map();
  for (const [rule, count] of Object.entries(counts)) {
    const [kind, ...rest] = rule.split(' ');
    const reason = skip[`${kind}s`][rest.join(' ')];
    sums.set(reason, (sums.get(reason) ?? 0) + count);
  }
  return [...sums].sort(([, a], [, b]) => b - a);
}
