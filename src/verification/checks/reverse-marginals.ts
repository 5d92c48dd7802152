import type { Check } from "../check.js";
import { equationResidual } from "../fokker-planck-check/equation-residual.js";
import { generatedDensity } from "../fokker-planck-check/generated-density.js";
import { scoreResidual } from "../fokker-planck-check/score-residual.js";
import { checkSubject } from "../fokker-planck-check/subject.js";
import { transportCheck } from "../fokker-planck-check/transport.js";
import type { Verification } from "./setting.js";

/** The Fokker–Planck equation and the marginals of reverse SDE and flow, every η. */
export const reverseMarginals: Verification = {
  name: "reverse-marginals",
  statements: [6, 7, 19],
  needsLine: true,
  async run(setting) {
    const subject = checkSubject(setting);
    const checks: Check[] = [equationResidual(subject), (await scoreResidual(subject, 5)).check];
    for (const eta of [1, 0.5]) checks.push(await generatedDensity(subject, eta, setting.signal));
    checks.push(await transportCheck(subject));
    return { checks };
  },
};
