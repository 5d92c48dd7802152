import type { Check } from "../verification/check.js";
import type { ControlResult } from "../verification/control.js";
import type { ResidualMap } from "../verification/fokker-planck-check/score-residual.js";
import type { ResultHead } from "./result-head.js";

/** The content of `results.json` of `fokker-planck`. */
export interface FokkerPlanckCheckResult extends ResultHead<"fokker-planck"> {
  /** 'exact', 'from the density' (drifts nonlinear in x), or what the given model predicts. */
  readonly score: string;
  /** True when every check holds and every planted mistake that changes anything was caught. */
  readonly passed: boolean;
  readonly checks: readonly Check[];
  readonly controls: readonly ControlResult[];
}

/** Densities and samples at one time. */
export interface DensitySlice {
  readonly t: number;
  readonly x: Float64Array;
  /** Finite volumes, per cell. */
  readonly volumes: Float64Array;
  /** Exact density, where it is known. */
  readonly exact: Float64Array | null;
  readonly samples: Float64Array | null;
}

/** A density on the line through time: `volumes[row][column]` at share[row] of the range, y[column] in the unit that `yTitle` names. */
export interface DensityEvolution {
  readonly share: readonly number[];
  readonly shareTitle: string;
  readonly y: readonly number[];
  readonly yTitle: string;
  readonly volumes: readonly (readonly number[])[];
  readonly exact: readonly (readonly number[])[] | null;
}

/** Values on a lattice of the plane at one time: `values[row][column]` at y[row], x[column]; NaN where nothing is to be shown. */
export interface PlaneMap {
  readonly t: number;
  readonly x: readonly number[];
  readonly y: readonly number[];
  readonly values: readonly (readonly number[])[];
}

/** Exact density, finite volumes and samples in the plane at one time. */
export interface PlaneDensity {
  readonly exact: PlaneMap;
  /** On the same lattice; null where no density was solved. */
  readonly volumes: PlaneMap | null;
  /** Row-major pairs. */
  readonly samples: Float64Array;
}

/** Pictures' data of a check in the plane. */
export interface PlanePictures {
  readonly densities: readonly PlaneDensity[];
  /** Samples of the reverse SDE at tMin over the exact density. */
  readonly generated: PlaneDensity;
  /** Length of the residual of the score equation over max |∂s/∂t|. */
  readonly residual: readonly PlaneMap[];
}

/** Pictures' data that accompany a result, kept out of the JSON. */
export interface FokkerPlanckPictures {
  /** Null in the plane, which has `plane`. */
  readonly evolution: DensityEvolution | null;
  readonly plane: PlanePictures | null;
  readonly slices: readonly DensitySlice[];
  readonly residual: ResidualMap | null;
  /** What a learned score generates at tMin: the density of its reverse-time equation, and samples of its reverse SDE. */
  readonly generated: DensitySlice | null;
}

/** A check with the data of its pictures. */
export interface FokkerPlanckOutcome {
  readonly result: FokkerPlanckCheckResult;
  readonly pictures: FokkerPlanckPictures;
}
