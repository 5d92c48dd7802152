import { UsageError } from "./errors.js";

/**
 * The numbers a model answered with: the array it returned, or `out` where it wrote to that.
 *
 * @throws UsageError for an array of another kind or length
 */
export function modelAnswer(answer: unknown, out: Float64Array): Float64Array {
  if (typeof answer !== "object" || answer === null) return out;
  if (!(answer instanceof Float64Array)) {
    throw new UsageError(
      `model: must write to the array it is given or return a Float64Array, but returned ${answer.constructor?.name ?? "an object"} - copy the numbers with out.set(…)`,
    );
  }
  if (answer.length !== out.length) {
    throw new UsageError(`model: must answer with count × dimension = ${out.length} numbers, but got ${answer.length}`);
  }
  return answer;
}
