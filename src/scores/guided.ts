import { conversion } from "../../solvers/conversion.js";
import { UsageError } from "../../solvers/errors.js";
import { modelAnswer } from "../../solvers/model-answer.js";
import type { Awaitable, Model, ModelBatch, Schedule } from "../../solvers/types.js";
import { type ConvertibleModel, defineModel } from "./model.js";

/** A model whose conversions know their schedule. */
export type GuidableModel = Model & { readonly schedule?: Schedule | undefined };

/** How a model is guided. */
export interface GuidanceOptions {
  /** Scale: prediction = unconditional + w (conditional − unconditional). 1 (default) is the conditional model, 0 the unconditional one; Ho & Salimans' w is this w − 1. */
  readonly w?: number;
  /** Condition of the conditional prediction; by default that of the batch. */
  readonly condition?: unknown;
  /** Another model in place of the unconditional one (autoguidance, Karras et al. 2024); it must predict the same. */
  readonly unconditional?: Model;
  /** Writes ∇ₓ log p(y | x_t), count × dimension numbers, to be added to the score (Dhariwal & Nichol 2021). */
  readonly gradient?: (batch: ModelBatch, out: Float64Array) => Awaitable<void>;
  /** Factor of `gradient`; default 1. */
  readonly gradientScale?: number;
  /** Needed by `gradient` where the model has no schedule. */
  readonly sde?: Schedule;
}

/**
 * Classifier-free guidance (Ho & Salimans 2022) and guidance by a user's gradient.
 *
 * @throws UsageError for a scale that is not finite, models that do not match, or a gradient without schedule
 */
export function guided(model: GuidableModel, options: GuidanceOptions): ConvertibleModel {
  const { w = 1, unconditional, gradient, gradientScale = 1 } = options;
  const schedule = options.sde ?? model.schedule;
  if (!Number.isFinite(w))
    throw new UsageError(`guidance: w must be a finite number, but got ${w} - 1 is the conditional model`);
  if (!Number.isFinite(gradientScale))
    throw new UsageError(`guidance: gradientScale must be a finite number, but got ${gradientScale}`);
  if (
    unconditional !== undefined &&
    (unconditional.predicts !== model.predicts || unconditional.dimension !== model.dimension)
  ) {
    throw new UsageError(
      `guidance: the unconditional model must predict ${model.predicts} in ${model.dimension} dimensions, but got ${unconditional.predicts} in ${unconditional.dimension}`,
    );
  }
  if (gradient !== undefined && schedule === undefined) {
    throw new UsageError("guidance: a gradient needs the SDE - give sde");
  }
  const other = unconditional ?? model;
  return defineModel({
    predicts: model.predicts,
    dimension: model.dimension,
    ...(schedule === undefined ? {} : { sde: schedule }),
    async evaluate(batch, out) {
      const { condition, ...rest } = batch;
      const wanted = "condition" in options ? options.condition : condition;
      const free = unconditional === undefined ? rest : { ...rest, condition };
      if (w !== 0) await evaluateInto(model, { ...rest, condition: wanted }, out);
      if (w !== 1) {
        const base = new Float64Array(out.length);
        await evaluateInto(other, free, base);
        for (let i = 0; i < out.length; i++) out[i] = w === 0 ? base[i]! : base[i]! + w * (out[i]! - base[i]!);
      }
      if (gradient === undefined || schedule === undefined) return;
      const added = new Float64Array(out.length);
      await gradient(batch, added);
      for (let row = 0; row < batch.count; row++) {
        const factor = gradientScale * conversion("score", model.predicts, schedule, batch.times[row]!).prediction;
        for (let i = row * model.dimension; i < (row + 1) * model.dimension; i++) out[i] = out[i]! + factor * added[i]!;
      }
    },
  });
}

async function evaluateInto(model: Model, batch: ModelBatch, out: Float64Array): Promise<void> {
  const answer = modelAnswer(await model.evaluate(batch, out), out);
  if (answer !== out) out.set(answer);
}
