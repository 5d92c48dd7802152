import { UsageError } from "../../../solvers/errors.js";
import { atMost, type Check } from "../check.js";
import type { Setting } from "../checks/setting.js";
import type { ControlResult } from "../control.js";
import { sameScore } from "../same-score.js";
import { sameSde } from "../same-sde.js";
import type { FaultGroup } from "./fault-group.js";
import { finiteVolumeFaults } from "./finite-volume-faults.js";
import { scoreFaults } from "./score-faults.js";
import { sdeFaults } from "./sde-faults.js";
import { solverFaults } from "./solver-faults.js";

/** What became of a planted fault. */
export interface FaultResult extends ControlResult {
  readonly place: FaultGroup["place"];
}

/** What planting all faults came to. */
export interface FaultResults {
  readonly faults: readonly FaultResult[];
  /** Checks that fail without any fault; they notice a fault that changes their figure by more than their bound. */
  readonly failing: readonly Check[];
}

/** Every group of faults. */
export const FAULT_GROUPS: readonly FaultGroup[] = [sdeFaults, scoreFaults, solverFaults, finiteVolumeFaults];

/** Plants every fault, one at a time, and runs the verifications of its part; first of all without a fault. */
export async function plantFaults(
  setting: Setting,
  { onFault }: { readonly onFault?: (what: string, fraction: number) => void | Promise<void> } = {},
): Promise<FaultResults> {
  const groups = FAULT_GROUPS.map((group) => ({
    ...group,
    faults: group.faults.filter(({ exists }) => exists === undefined || exists(setting)),
  }));
  const total = groups.reduce((sum, { faults }) => sum + faults.length + 1, 0);
  const results: FaultResult[] = [];
  const failing: Check[] = [];
  let done = 0;
  for (const group of groups) {
    const { place, faults } = group;
    await onFault?.(`${place}, no fault`, done++ / total);
    const sound = group.sound(setting);
    const known = await failures(group, sound);
    failing.push(...known);
    for (const { name, mistake, plant } of faults) {
      await onFault?.(`${place}: ${mistake}`, done++ / total);
      const planted = plant(sound);
      const by = (await failures(group, planted)).find((check) => notices(check, known)) ?? null;
      const changes = by !== null || (await differ(planted, sound));
      results.push({ place, name, mistake, caught: by !== null, changes, by });
    }
  }
  return { faults: results, failing };
}

/** Whether a failing check tells that something was planted: it holds without, or its figure changes by more than its bound. */
function notices({ name, figure, tolerance }: Check, known: readonly Check[]): boolean {
  const sound = known.find((other) => other.name === name);
  return sound === undefined || Math.abs((figure ?? Number.NaN) - (sound.figure ?? Number.NaN)) > (tolerance ?? 0);
}

/** Whether SDE and score differ by more than rounding; a replaced solver counts as different. */
async function differ(planted: Setting, sound: Setting): Promise<boolean> {
  if (planted.solvers !== sound.solvers || planted.solve !== sound.solve) return true;
  return !(sameSde(planted.sde, sound.sde) && (await sameScore(planted.model, sound.model, sound)));
}

/** The checks that fail; a refusal counts as one. */
async function failures({ verifications }: FaultGroup, setting: Setting): Promise<Check[]> {
  const checks: Check[] = [];
  for (const { name, run } of verifications) {
    try {
      checks.push(...(await run(setting)).checks);
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      const text = { name: `${name} refuses`, claim: "what is given makes sense", reason: error.message };
      checks.push(atMost(Number.NaN, 0, text));
    }
  }
  return checks.filter(({ verdict }) => verdict === "fail");
}
