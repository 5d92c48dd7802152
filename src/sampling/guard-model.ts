import { UsageError } from "../../solvers/errors.js";
import type { Model } from "../../solvers/types.js";
import { timeRangeText } from "./time-range-text.js";

/** A model failed while it was being evaluated; `cause` is what it threw. */
export class ModelError extends Error {
  override readonly name = "ModelError";
}

/** The same model, whose exceptions name the time and the rows they happened at. */
export function guardModel(model: Model): Model {
  const fail = (error: unknown, times: Float64Array): never => {
    if (error instanceof UsageError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new ModelError(`model: threw at ${timeRangeText(times)} on ${times.length} rows: ${reason}`, {
      cause: error,
    });
  };
  return {
    predicts: model.predicts,
    dimension: model.dimension,
    evaluate(batch, out) {
      try {
        const answer = model.evaluate(batch, out);
        return answer instanceof Promise ? answer.catch((error: unknown) => fail(error, batch.times)) : answer;
      } catch (error) {
        return fail(error, batch.times);
      }
    },
  };
}
