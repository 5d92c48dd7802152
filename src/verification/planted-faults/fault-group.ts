import type { Setting, Verification } from "../checks/setting.js";
import type { Control } from "../control.js";

/** A mistake planted in what `verify` is given. */
export interface Fault extends Control<Setting> {
  /** False where the mistake would change nothing, such as a sign of a drift that is zero; it is then left out. */
  readonly exists?: (setting: Setting) => boolean;
}

/** Faults of one part, and the verifications that look at it. */
export interface FaultGroup {
  readonly place: "SDE" | "score" | "solver" | "finite volumes";
  readonly faults: readonly Fault[];
  readonly verifications: readonly Verification[];
  /** The part as it should be, from which every fault of the group starts. */
  readonly sound: (setting: Setting) => Setting;
}
