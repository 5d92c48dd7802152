import { UsageError } from "../../solvers/errors.js";
import type { Awaitable, ModelBatch, Schedule } from "../../solvers/types.js";
import { after } from "../scores/after.js";
import type { DifferentiableModel } from "../scores/model.js";
import { byDifferences, byProducts, type DirectionalDerivatives, predict } from "./directional-derivatives.js";
import { drawProbes, type ProbeLaw } from "./probes.js";

/** Largest dimension in which an exact divergence is built from differences or products. */
export const EXACT_DIMENSION = 16;
const DEFAULT_PROBES = 8;

/** How the divergence of the model is found. */
export type DivergenceChoice = "auto" | "exact" | { readonly hutchinson: number; readonly distribution?: ProbeLaw };

/** What was chosen: `by` the model itself, its products with Jacobians (or their transposes), or central differences. */
export type DivergenceMethod =
  | { readonly kind: "exact"; readonly by: "model" | "jvp" | "vjp" | "differences" }
  | {
      readonly kind: "hutchinson";
      readonly by: "jvp" | "vjp" | "differences";
      readonly probes: number;
      readonly distribution: ProbeLaw;
    };

/** Resolves 'auto' and refuses what cannot be meant. @throws UsageError */
export function chooseDivergence(choice: DivergenceChoice, model: DifferentiableModel): DivergenceMethod {
  const by = model.jvp !== undefined ? "jvp" : model.vjp !== undefined ? "vjp" : "differences";
  const isAffordable = model.divergence !== undefined || model.dimension <= EXACT_DIMENSION;
  if (choice === "exact" || (choice === "auto" && isAffordable)) {
    if (model.divergence !== undefined) return { kind: "exact", by: "model" };
    if (isAffordable) return { kind: "exact", by };
    throw new UsageError(
      `divergence: 'exact' is for models that provide it and for dimension ≤ ${EXACT_DIMENSION}, but got dimension ${model.dimension} - use divergence: { hutchinson: ${DEFAULT_PROBES} }`,
    );
  }
  if (choice === "auto") return { kind: "hutchinson", by, probes: DEFAULT_PROBES, distribution: "rademacher" };
  if (typeof choice !== "object" || choice === null) {
    throw new UsageError(
      `divergence: must be 'auto', 'exact' or { hutchinson: probes }, but got ${JSON.stringify(choice)}`,
    );
  }
  const { hutchinson: probes, distribution = "rademacher" } = choice;
  if (!Number.isInteger(probes) || probes < 1) {
    throw new UsageError(`divergence: hutchinson must be a whole number of probes ≥ 1, but got ${probes}`);
  }
  if (distribution !== "rademacher" && distribution !== "gaussian") {
    throw new UsageError(
      `divergence: distribution must be 'rademacher' or 'gaussian', but got ${JSON.stringify(distribution)}`,
    );
  }
  return { kind: "hutchinson", by, probes, distribution };
}

/** Model evaluations per row of one prediction with its divergences. */
export function divergenceCost(method: DivergenceMethod, dimension: number): number {
  if (method.by === "model") return 2;
  const directions = method.kind === "hutchinson" ? method.probes : dimension;
  return 1 + (method.by === "differences" ? 2 : 1) * directions;
}

/** Predictions of a batch with their divergences. */
export interface DivergenceRule {
  /** Divergences per row: 1, or one per probe. */
  readonly width: number;
  /** `rows` are the indices of the batch's rows in the chunk: they choose the probes. */
  evaluate(batch: ModelBatch, rows: Int32Array, prediction: Float64Array, divergence: Float64Array): Awaitable<void>;
}

/** Where a rule is used. */
export interface DivergenceSetting {
  readonly method: DivergenceMethod;
  readonly model: DifferentiableModel;
  readonly schedule: Schedule;
  readonly step: number;
  readonly seed: number;
  readonly firstPoint: number;
  readonly count: number;
}

/** The rule for a chunk of points. */
export function divergenceRule(setting: DivergenceSetting): DivergenceRule {
  const { method, model } = setting;
  const { divergence } = model;
  if (method.kind === "hutchinson") return hutchinson(setting, method);
  if (method.by === "model" && divergence !== undefined) {
    return {
      width: 1,
      evaluate: (batch, _rows, prediction, out) =>
        after(predict(model, batch, prediction), () => divergence.call(model, batch, out)),
    };
  }
  return trace(setting);
}

/** Σ ∂m_i/∂x_i along the coordinate directions. */
function trace(setting: DivergenceSetting): DivergenceRule {
  const { dimension } = setting.model;
  const derivatives = directional(setting, dimension);
  return {
    width: 1,
    evaluate(batch, _rows, prediction, divergence) {
      const square = dimension * dimension;
      const directions = new Float64Array(batch.count * square);
      for (let i = 0; i < directions.length; i++) if ((i % square) % (dimension + 1) === 0) directions[i] = 1;
      const answer = new Float64Array(directions.length);
      return after(derivatives.evaluate(batch, directions, prediction, answer), () => {
        for (let row = 0; row < batch.count; row++) {
          let sum = 0;
          for (let d = 0; d < dimension; d++) sum += answer[row * square + d * (dimension + 1)]!;
          divergence[row] = sum;
        }
      });
    },
  };
}

/**
 * vᵀ (∂m/∂x) v for each probe v, the same through the whole solve: unbiased (Hutchinson 1990; Grathwohl et al. 2019, arXiv
 * 1810.01367). For a symmetric matrix A its variance is 2(‖A‖² − Σ a_ii²) with Rademacher and 2‖A‖² with Gaussian probes.
 */
function hutchinson(
  setting: DivergenceSetting,
  { probes, distribution }: Extract<DivergenceMethod, { kind: "hutchinson" }>,
): DivergenceRule {
  const { model, seed, firstPoint, count } = setting;
  const { dimension } = model;
  const derivatives = directional(setting, probes);
  const all = drawProbes({ seed, distribution, probes, dimension, firstPoint, count });
  const block = probes * dimension;
  return {
    width: probes,
    evaluate(batch, rows, prediction, divergence) {
      const directions = new Float64Array(batch.count * block);
      for (let row = 0; row < batch.count; row++) {
        directions.set(all.subarray(rows[row]! * block, (rows[row]! + 1) * block), row * block);
      }
      const answer = new Float64Array(directions.length);
      return after(derivatives.evaluate(batch, directions, prediction, answer), () => {
        for (let probe = 0, i = 0; probe < batch.count * probes; probe++) {
          let sum = 0;
          for (let d = 0; d < dimension; d++, i++) sum += directions[i]! * answer[i]!;
          divergence[probe] = sum;
        }
      });
    },
  };
}

function directional({ model, schedule, step }: DivergenceSetting, width: number): DirectionalDerivatives {
  // Both rules take vᵀ (∂m/∂x) v alone, which the transpose gives as well.
  const product = model.jvp ?? model.vjp;
  return product === undefined
    ? byDifferences(model, (t) => schedule.sigma(t), step, width)
    : byProducts(model, product, width);
}
