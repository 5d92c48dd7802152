import { finiteVolumes } from "../fokker-planck-check/finite-volumes.js";
import { checkSubject } from "../fokker-planck-check/subject.js";
import type { Verification } from "./setting.js";

/** The Fokker–Planck equation, solved by finite volumes, gives p_t. */
export const finiteVolumeDensity: Verification = {
  name: "finite-volumes",
  statements: [7],
  needsLine: true,
  async run(setting) {
    const { checks } = await finiteVolumes(checkSubject(setting), setting.signal);
    return { checks };
  },
};
