import type { Check } from "../verification/check.js";
import type { ControlResult } from "../verification/control.js";

/** The outcome of a set of checks in one sentence, without its full stop. */
export function verdictHeadline(checks: readonly Check[], controls: readonly ControlResult[] = []): string {
  const failed = checks.filter(({ verdict }) => verdict === "fail");
  const done = checks.filter(({ verdict }) => verdict === "pass" || verdict === "fail");
  const parts = [
    failed.length === 0
      ? `All ${done.length} checks hold`
      : `${failed.length} of ${done.length} checks fail: ${failed.map(({ name }) => name).join(", ")}`,
  ];
  const reportedCount = checks.filter(({ verdict }) => verdict === "reported").length;
  const skippedCount = checks.length - done.length - reportedCount;
  if (reportedCount > 0)
    parts.push(
      `${reportedCount} ${reportedCount === 1 ? "figure of the model is" : "figures of the model are"} reported without a bound`,
    );
  if (skippedCount > 0) parts.push(`${skippedCount} do not apply`);
  if (controls.length > 0) {
    const missed = controls.filter(({ caught }) => !caught);
    parts.push(
      missed.length === 0
        ? `all ${controls.length} planted mistakes were caught`
        : `planted mistakes missed: ${missed.map(({ name }) => name).join(", ")}`,
    );
  }
  return parts.join("; ");
}
