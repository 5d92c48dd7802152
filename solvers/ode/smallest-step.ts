const view = new DataView(new ArrayBuffer(8));

/** Distance from t to the next double in `direction` (+1 or -1). */
export function spacing(t: number, direction: number): number {
  const size = Math.abs(t);
  if (size === 0) return Number.MIN_VALUE;
  view.setFloat64(0, size);
  view.setBigInt64(0, view.getBigInt64(0) + (Math.sign(t) === direction ? 1n : -1n));
  return Math.abs(view.getFloat64(0) - size);
}

/** The least step from t that counts as a step: 10 times the distance to the next double, as in scipy. */
export function smallestStep(t: number, direction: number): number {
  return 10 * spacing(t, direction);
}

/** Whether |h| is less than `smallestStep`. */
export function isBelowSmallestStep(h: number, t: number, direction: number): boolean {
  // 10 spacings are at most 10 · 2^-52 |t|, so the exact figure is needed only near it.
  return h <= 4e-15 * Math.abs(t) + 1e-300 && h < smallestStep(t, direction);
}
