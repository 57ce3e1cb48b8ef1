// How long calls ran: what so much of them stays below.

/** The smallest of the values that at least this part of them does not exceed; `null` of none. */
export function percentile(values: readonly number[], part: number): number | null {
  if (values.length === 0) return null;
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.max(0, Math.ceil(sorted.length * part) - 1)] ?? null;
}
