import { UsageError } from "../../solvers/errors.js";
import { numberText } from "../../solvers/number-text.js";
import type { OnnxValueSpec } from "../engine/index.js";
import type { Sde } from "../sdes/types.js";

/** What a foreign network may be told of the time, by name. */
export type TimeInput = "t" | "sigma" | "log-snr" | "index";

/** How a foreign network wants the time. */
export interface ForeignTime {
  /**
   * What its time input wants: t (default), σ, λ = ln(α/σ), the index N t − 1 ≥ 0 of the step that ends at t = (index + 1)/N,
   * or a function of t. An input of whole numbers gets the nearest one. An ONNX input called `sigma` wants σ by default, and one
   * with another name than t or time must be told.
   */
  readonly time?: TimeInput | ((t: number) => number);
  /** Factor of the time input, such as 999; default 1. Of the index it is N, default 1000. */
  readonly timeScale?: number;
}

/** What a foreign network is told at time t. */
export function timeMap(
  { time = "t", timeScale = time === "index" ? 1000 : 1 }: ForeignTime,
  sde: Sde,
): (t: number) => number {
  if (typeof time === "function") return (t) => timeScale * time(t);
  switch (time) {
    case "t":
      return (t) => timeScale * t;
    case "sigma":
      return (t) => timeScale * sde.sigma(t);
    case "log-snr":
      return (t) => timeScale * sde.logSnr(t);
    case "index":
      return (t) => Math.max(0, timeScale * t - 1);
  }
}

/** Names under which nobody expects anything but t. */
const PLAIN = /^(t|times?)$/i;

/**
 * As `timeMap`, rounded for an input of whole numbers; an input that is called sigma wants σ.
 *
 * @throws UsageError for an input whose name leaves open what it wants, and where all times would be the same whole number or two
 */
export function inputTimeMap(
  path: string,
  { name, dtype }: OnnxValueSpec,
  options: ForeignTime,
  sde: Sde,
): (t: number) => number {
  const isTold = options.time !== undefined || options.timeScale !== undefined;
  const isSigma = name.toLowerCase() === "sigma";
  const toInput = timeMap(isSigma ? { time: "sigma", ...options } : options, sde);
  const isFloat = dtype === "float32" || dtype === "float64";
  if (!isTold && isFloat && !isSigma && !PLAIN.test(name)) {
    throw new UsageError(
      `${path}: does not say what its time input '${name}' wants - give time (--time t, sigma, log-snr, or index for steps 0 to 999)`,
    );
  }
  if (isFloat) return toInput;
  const [first, last] = [toInput(sde.tMin), toInput(sde.tMax)];
  if (dtype === "bool" || !(Math.abs(last - first) >= 2)) {
    throw new UsageError(
      `${path}: time input '${name}' takes ${dtype === "bool" ? "truth values" : "whole numbers"}, but got times from ${numberText(first, 4)} to ${numberText(last, 4)} - give time (--time index for steps 0 to 999), or timeScale (--time-scale 999)`,
    );
  }
  return (t: number) => Math.round(toInput(t));
}
