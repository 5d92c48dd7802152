import type { Status } from "../types.js";
import type { ActiveRows } from "./active-rows.js";
import type { Failure } from "./adaptive-options.js";
import { worstComponent } from "./error-norm.js";
import type { Integration } from "./resolve-integration.js";
import type { ResultRows } from "./result-rows.js";
import { isBelowSmallestStep } from "./smallest-step.js";
import { isFirstSameAsLast } from "./tableaus.js";

/** Takes group g out of the run. */
export type Leave = (g: number, status: Status, failure: Failure | null) => void;

/**
 * Accepts or rejects the attempted step of every group by its error norm, moves the accepted ones on, sets the length of the next attempt.
 *
 * `error` holds the error estimate of every component.
 */
export function settle(
  integration: Integration,
  active: ActiveRows,
  result: ResultRows,
  error: Float64Array,
  leave: Leave,
): void {
  const { options, tableau, controller, direction, width } = integration;
  const { to, onStep } = options;
  const { count, t, tNext, h, length, accepted, rejected, afterRejection, memory, memorySize, y, yNext, k } = active;
  const norms = active.error;
  const first = k[0]!;
  const last = isFirstSameAsLast(tableau) ? k[k.length - 1]! : null;
  for (let g = 0; g < count; g++) {
    const isNumber = norms[g]! < Number.POSITIVE_INFINITY;
    const norm = isNumber ? norms[g]! : Number.POSITIVE_INFINITY;
    const counts = isNumber && (controller === null || controller.accepts(norm));
    const factor = controller?.factor(norm, counts, afterRejection[g] === 1, memory, g * memorySize) ?? 1;
    length[g] = Math.abs(h[g]!) * factor;
    if (counts) {
      accepted[g]!++;
      afterRejection[g] = 0;
      result.step(active, g);
      t[g] = tNext[g]!;
      for (let i = g * width; i < (g + 1) * width; i++) y[i] = yNext[i]!;
      if (last !== null) for (let i = g * width; i < (g + 1) * width; i++) first[i] = last[i]!;
      if (onStep !== undefined) result.report(active, g, onStep);
      if (tNext[g] === to) leave(g, "success", null);
    } else {
      rejected[g]!++;
      afterRejection[g] = 1;
      if (controller === null || isBelowSmallestStep(length[g]!, t[g]!, direction)) {
        const { component, finite } = worstComponent(error, active, integration, g);
        leave(g, finite ? "step-underflow" : "non-finite", { t: t[g]!, h: h[g]!, component });
      }
    }
  }
}
