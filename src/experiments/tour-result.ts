import type { Check } from "../verification/check.js";
import type { ControlResult } from "../verification/control.js";
import type { ComparePanels, CompareRun, Estimate } from "./compare-result.js";
import type { FokkerPlanckPictures } from "./fokker-planck-result.js";
import type { ResultHead, ResultSde } from "./result-head.js";

/** The content of `results.json` of `tour`. */
export interface TourResult extends Omit<ResultHead<"tour">, "sde"> {
  /** True when every check of the Fokker–Planck equation holds and every planted mistake that changes anything was caught. */
  readonly passed: boolean;
  readonly processes: readonly TourProcess[];
}

/** The whole pipeline under one SDE. */
export interface TourProcess {
  readonly sde: ResultSde;
  readonly tMin: number;
  readonly tMax: number;
  /** f and g of dx = f x dt + g dw at tMin and at tMax. */
  readonly driftCoefficient: readonly [number, number];
  readonly diffusion: readonly [number, number];
  readonly priorStandardDeviation: number;
  readonly training: TourTraining;
  /** Metrics between two exact sample sets of the size used. */
  readonly floor: Readonly<Record<string, Estimate>>;
  /** The same solvers with the exact score and with the learned one. */
  readonly exact: readonly CompareRun[];
  readonly learned: readonly CompareRun[];
  readonly equation: {
    readonly passed: boolean;
    readonly checks: readonly Check[];
    readonly controls: readonly ControlResult[];
  };
  /** The solution of the reverse-time equation from the prior: what either score gives without steps. */
  readonly generated: { readonly exact: GeneratedLaw; readonly learned: GeneratedLaw };
}

/** How a network was trained, and its true error. */
export interface TourTraining {
  readonly network: string;
  readonly parameters: number;
  readonly predicts: string;
  readonly engine: string;
  readonly steps: number;
  readonly status: string;
  readonly message: string;
  readonly seconds: number;
  /** Weighted loss over the last hundredth of the steps. */
  readonly loss: number;
  /** Root mean square of σ(s_θ − ∇ log p_t) over p_t at each time, that of the noise prediction; by quadrature. */
  readonly scoreError: readonly { readonly t: number; readonly logSnr: number; readonly value: number }[];
  /** ½∫g²E|s_θ − ∇ log p_t|² dt in nats: KL(p_tMin ‖ law) of the reverse SDE with s_θ from p_tMax is at most this. */
  readonly klBound: number;
}

/** Distances of a solution of the reverse-time equation to the data law. */
export interface GeneratedLaw {
  readonly w1: number;
  readonly w2: number;
  readonly kl: number | null;
  readonly tv: number | null;
  readonly status: string;
}

/** Pictures' data of one process, kept out of the JSON. */
export interface TourPictures {
  readonly times: Float64Array;
  readonly driftCoefficient: Float64Array;
  readonly diffusion: Float64Array;
  /** σ times the score at the time where the learned one is worst. */
  readonly score: {
    readonly t: number;
    readonly x: Float64Array;
    readonly exact: Float64Array;
    readonly learned: Float64Array;
  };
  readonly exact: ComparePanels;
  readonly learned: ComparePanels;
  readonly equation: FokkerPlanckPictures;
  /** Densities at tMin by the reverse-time equation. */
  readonly generated: { readonly exact: DensityCurve; readonly learned: DensityCurve };
}

/** A density by its values at places. */
export interface DensityCurve {
  readonly x: Float64Array;
  readonly density: Float64Array;
}

/** A tour with the data of its pictures, one for each process. */
export interface Tour {
  readonly result: TourResult;
  readonly pictures: readonly TourPictures[];
}
