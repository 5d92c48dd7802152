import type { Check } from "../verification/check.js";
import { type ControlResult, missedControls } from "../verification/control.js";

/** The outcome of a set of checks in one sentence, without its full stop. */
export function verdictHeadline(checks: readonly Check[], controls: readonly ControlResult[] = []): string {
  const failed = checks.filter(({ verdict }) => verdict === "fail");
  const done = checks.filter(({ verdict }) => verdict === "pass" || verdict === "fail");
  const parts = [
    failed.length === 0
      ? done.length === 1
        ? "The check holds"
        : `All ${done.length} checks hold`
      : `${failed.length} of ${done.length} checks fail: ${failed.map(({ name }) => name).join(", ")}`,
  ];
  const reportedCount = checks.filter(({ verdict }) => verdict === "reported").length;
  const skippedCount = checks.length - done.length - reportedCount;
  if (reportedCount > 0)
    parts.push(
      `${reportedCount} ${reportedCount === 1 ? "figure of the model is" : "figures of the model are"} reported without a bound`,
    );
  if (skippedCount > 0) parts.push(`${skippedCount} ${skippedCount === 1 ? "does" : "do"} not apply`);
  if (controls.length > 0) {
    parts.push(controlsSentence(controls));
  }
  return parts.join("; ");
}

function controlsSentence(controls: readonly ControlResult[]): string {
  const missed = missedControls(controls);
  if (missed.length > 0) return `planted mistakes missed: ${missed.map(({ name }) => name).join(", ")}`;
  return `all ${caughtText(controls, "planted mistakes")}`;
}

/** "7 planted mistakes were caught (missing-g changes nothing on this problem)". */
export function caughtText(controls: readonly ControlResult[], what: string): string {
  const idle = controls.filter(({ changes }) => !changes).map(({ name }) => name);
  const note = ` (${idle.join(", ")} ${idle.length === 1 ? "changes" : "change"} nothing on this problem)`;
  return `${controls.length - idle.length} ${what} were caught${idle.length === 0 ? "" : note}`;
}
