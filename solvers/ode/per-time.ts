/** Remembers the last time asked for: rows of one time are common. */
export function perTime(f: (t: number) => readonly [number, number]): (t: number) => readonly [number, number] {
  let last = Number.NaN;
  let value: readonly [number, number] = [0, 0];
  return (t) => {
    if (t !== last) {
      last = t;
      value = f(t);
    }
    return value;
  };
}
