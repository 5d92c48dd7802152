import type { Estimate } from "../experiments/compare-result.js";

/** A number with `digits` significant digits, trailing zeros kept; a dash for one that does not exist. */
export function formatSignificant(value: number | null | undefined, digits = 4): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return "–";
  if (value === 0) return "0";
  const exponent = leadingExponent(value, digits);
  if (exponent < -4 || exponent >= Math.max(digits, 6)) return value.toExponential(digits - 1).replace("e+", "e");
  return value.toFixed(Math.max(0, digits - 1 - exponent));
}

/**
 * A value and its standard error: two significant digits of the error, and the value to the same decimal place;
 * four significant digits and no error where none is known.
 */
export function formatEstimate(estimate: Estimate | null | undefined): string {
  if (estimate === null || estimate === undefined || !Number.isFinite(estimate.value)) return "–";
  const { value, standardError } = estimate;
  if (!Number.isFinite(standardError) || standardError <= 0) return formatSignificant(value);
  const errorExponent = leadingExponent(standardError, 2);
  const top = Math.max(errorExponent, value === 0 ? errorExponent : leadingExponent(value, 1));
  if (top < -4 || top >= 6) {
    const scale = 10 ** -top;
    const decimals = Math.max(0, 1 - errorExponent + top);
    return `(${(value * scale).toFixed(decimals)} ± ${(standardError * scale).toFixed(decimals)})e${top}`;
  }
  const decimals = 1 - errorExponent;
  if (decimals >= 0) return `${value.toFixed(decimals)} ± ${standardError.toFixed(decimals)}`;
  const unit = 10 ** -decimals;
  return `${Math.round(value / unit) * unit} ± ${Math.round(standardError / unit) * unit}`;
}

/** A count or a mean count: an integer as it is, otherwise one decimal. */
export function formatCount(value: number | null | undefined): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return "–";
  return Number.isInteger(value) ? String(value) : value.toFixed(1);
}

/** A duration in the unit that suits it, with three significant digits: `4.21 ms`, `12.3 s`. */
export function formatSeconds(seconds: number): string {
  if (!Number.isFinite(seconds)) return "–";
  return seconds < 1 ? `${formatSignificant(seconds * 1000, 3)} ms` : `${formatSignificant(seconds, 3)} s`;
}

/** Power of ten of the first digit after rounding to `digits` significant digits. */
function leadingExponent(value: number, digits: number): number {
  const text = Math.abs(value).toExponential(digits - 1);
  return Number(text.slice(text.indexOf("e") + 1));
}
