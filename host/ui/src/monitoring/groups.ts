// What belongs to one request, together.

export interface Group<T> {
  id: string;
  lines: T[];
}

/** Groups of lines by request, the one that logged last first; lines stay in their order. */
export function byRequest<T extends { requestID: string; timestamp: number }>(
  lines: readonly T[],
): Group<T>[] {
  const groups = new Map<string, T[]>();
  for (const line of lines) {
    const group = groups.get(line.requestID);
    if (group === undefined) groups.set(line.requestID, [line]);
    else group.push(line);
  }
  const last = ({ lines: all }: Group<T>) => all[all.length - 1]?.timestamp ?? 0;
  return [...groups].map(([id, all]) => ({ id, lines: all })).sort((one, other) => last(other) - last(one));
}
