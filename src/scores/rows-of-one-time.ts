/** Visits every run [first, next) of rows that have the same time. */
export function rowsOfOneTime(
  times: Float64Array,
  count: number,
  visit: (t: number, first: number, next: number) => void,
): void {
  for (let first = 0; first < count; ) {
    const t = times[first]!;
    let next = first + 1;
    while (next < count && times[next] === t) next++;
    visit(t, first, next);
    first = next;
  }
}
