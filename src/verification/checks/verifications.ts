import { certifiedBound } from "./certified-bound.js";
import { conversions } from "./conversions.js";
import { elboLedger } from "./elbo-ledger.js";
import { finiteVolumeDensity } from "./finite-volume-density.js";
import { flowLipschitz } from "./flow-lipschitz.js";
import { gaussianity } from "./gaussianity.js";
import { information } from "./information.js";
import { kernels } from "./kernels.js";
import { likelihood } from "./likelihood.js";
import { posteriorDraws } from "./posterior-draws.js";
import { reverseConditional } from "./reverse-conditional.js";
import { reverseMarginals } from "./reverse-marginals.js";
import { scheduleRates } from "./schedule-rates.js";
import { scoreIdentities } from "./score-identities.js";
import { scoreQuality } from "./score-quality.js";
import type { Verification } from "./setting.js";
import { solverLimits } from "./solver-limits.js";
import { terminal } from "./terminal.js";
import { transportCost } from "./transport-cost.js";
import { tweedie } from "./tweedie.js";
import { varianceLedger } from "./variance-ledger.js";

export { type Curves, type Finding, isOnLine, type Ledger, type Setting, type Verification } from "./setting.js";

/** Every verification, cheap ones first. */
export const VERIFICATIONS: readonly Verification[] = [
  scheduleRates,
  terminal,
  conversions,
  kernels,
  elboLedger,
  solverLimits,
  scoreQuality,
  scoreIdentities,
  gaussianity,
  tweedie,
  information,
  reverseConditional,
  varianceLedger,
  flowLipschitz,
  posteriorDraws,
  transportCost,
  likelihood,
  finiteVolumeDensity,
  reverseMarginals,
  certifiedBound,
];
