/** Below this a number is written with a power of ten. */
const SMALLEST_PLAIN = 1e-4;

/**
 * A number in a sentence, a message or a spec: 0.001, 1e-5, never 0.00001.
 *
 * @param digits at most so many significant digits; all that the number has where none is given
 */
export function numberText(value: number, digits?: number): string {
  const rounded = digits === undefined ? value : Number(value.toPrecision(digits));
  const size = Math.abs(rounded);
  const isRounded = digits !== undefined && size >= 1e6;
  if (!Number.isFinite(value) || rounded === 0 || (size >= SMALLEST_PLAIN && !isRounded && size < 1e21)) {
    return String(rounded);
  }
  return rounded.toExponential().replace("e+", "e");
}

/** Any value as a message shows what it got: numbers by `numberText`, words in quotes, everything else as JSON. */
export function valueText(value: unknown): string {
  if (typeof value === "number") return numberText(value);
  return typeof value === "string" ? `'${value}'` : (JSON.stringify(value) ?? String(value));
}
