import { UsageError } from "../../solvers/errors.js";
import type { Model, Solver } from "../../solvers/types.js";
import { resolveSolver } from "../sampling/resolve.js";
import { exactScore } from "../scores/exact-score.js";
import type { Sde } from "../sdes/types.js";
import type { Target } from "../targets/types.js";
import { allHold, type Check, skipped } from "../verification/check.js";
import {
  type Curves,
  isOnLine,
  type Ledger,
  type Setting,
  VERIFICATIONS,
  type Verification,
} from "../verification/checks/verifications.js";
import type { fokkerPlanck } from "../verification/fokker-planck/fokker-planck.js";
import { learnedFrom } from "../verification/learned-score.js";
import type { CompareSurroundings } from "./compare-config.js";
import { sdeFacts, targetFacts } from "./result-head.js";
import { stamp } from "./stamp.js";
import type { VerifyResult } from "./verify-result.js";

/** What `verify` is told. */
export interface VerifyConfig {
  readonly sde: Sde;
  readonly target: Target;
  /** The score to check; the exact one when left out. */
  readonly model?: Model;
  /** KL in nats that the error of `model` may cost, 0 for one that is meant to be exact; default: what the best Gaussian's score costs. */
  readonly modelTolerance?: number;
  /** Solvers on a grid whose laws must tend to p_tMin. */
  readonly solvers?: readonly (string | Solver)[];
  /** Samples per sampled test, default 2000. */
  readonly samples?: number;
  readonly seed?: number;
  /** Names of verifications to run; all when left out. */
  readonly only?: readonly string[];
  /** The solver of the forward equation, for those who bring their own. */
  readonly solve?: typeof fokkerPlanck;
}

/** Defaults of `verify`. */
export const VERIFY_DEFAULTS = {
  solvers: ["em", "ddpm", "ddim", "ode-heun", "stochastic-heun"],
  samples: 2000,
  seed: 0,
} as const;

/** Names of all verifications. */
export const VERIFICATION_NAMES: readonly string[] = VERIFICATIONS.map(({ name }) => name);

/**
 * Checks every identity that must hold between an SDE, a target, a score and solvers.
 *
 * Those that integrate over the law need a target on the line; others run in any dimension.
 *
 * @throws UsageError for unknown names and for drifts nonlinear in x, which `fokkerPlanckCheck` takes
 */
export async function verify(config: VerifyConfig, surroundings: CompareSurroundings = {}): Promise<VerifyResult> {
  const { now = () => performance.now(), started = new Date(), argv = [], onProgress, signal } = surroundings;
  const { sde, target, model, seed = VERIFY_DEFAULTS.seed, solvers = VERIFY_DEFAULTS.solvers } = config;
  checkVerifiable(sde);
  const begun = now();
  const chosen = selection(config.only);
  const resolved = solvers.map((solver) => resolveSolver(solver));
  const setting: Setting = {
    sde,
    target,
    model: model ?? exactScore(target, sde),
    isGiven: model !== undefined,
    learned: await learnedFrom(config, sde, target),
    modelTolerance: config.modelTolerance,
    solvers: resolved.filter((solver) => solver.kind === "fixed"),
    samples: config.samples ?? VERIFY_DEFAULTS.samples,
    seed,
    ...(config.solve === undefined ? {} : { solve: config.solve }),
    signal,
  };
  const checks: Check[] = [];
  const ledgers: Ledger[] = [];
  const curves: Curves[] = [];
  for (const [index, verification] of chosen.entries()) {
    signal?.throwIfAborted();
    onProgress?.(verification.name, index / chosen.length);
    // Signals and timers get their turn.
    await new Promise((resolve) => setImmediate(resolve));
    const found = applies(verification, setting)
      ? await verification.run(setting)
      : { checks: [notHere(verification, target)] };
    checks.push(...found.checks);
    ledgers.push(...(found.ledgers ?? []));
    curves.push(...(found.curves ?? []));
  }
  for (const { name, kind } of resolved) {
    if (kind === "adaptive") checks.push(stepless(name));
  }
  onProgress?.("done", 1);
  return {
    schema: "score-sde/verify@1",
    stamp: stamp({ seed, config: plainConfig(config), started, argv, seconds: (now() - begun) / 1000 }),
    sde: sdeFacts(sde),
    target: targetFacts(target),
    score: model?.predicts ?? "exact",
    solvers: resolved.map(({ name }) => name),
    passed: allHold(checks),
    checks,
    ledgers,
    curves,
  };
}

/** @throws UsageError for a drift that is nonlinear in x */
export function checkVerifiable(sde: Sde): void {
  if (!sde.linear) {
    throw new UsageError(
      `sde: '${sde.name}' has a drift that is nonlinear in x, hence no α and σ to verify - use the Fokker–Planck check (score-sde fokker-planck)`,
    );
  }
}

function selection(only: readonly string[] | undefined): readonly Verification[] {
  if (only === undefined) return VERIFICATIONS;
  return only.map((name) => {
    const found = VERIFICATIONS.find((verification) => verification.name === name);
    if (found !== undefined) return found;
    throw new UsageError(`only: unknown verification '${name}' - choose among ${VERIFICATION_NAMES.join(", ")}`);
  });
}

function applies({ needsLine }: Verification, setting: Setting): boolean {
  return !needsLine || isOnLine(setting);
}

function stepless(name: string): Check {
  return skipped({
    name: `limit ${name}`,
    statement: 6,
    claim: `the law of ${name} tends to p_tMin`,
    reason: "it chooses its own steps: see transport, which runs rk45 at two tolerances",
  });
}

function notHere({ name, statements }: Verification, target: Target): Check {
  return skipped({
    name,
    ...(statements[0] === undefined ? {} : { statement: statements[0] }),
    claim: "integrals over p_t",
    reason: `needs a target on the line with a quantile function; '${target.name}' has dimension ${target.dimension}`,
  });
}

function plainConfig({ sde, target, model, solvers, solve: _solve, ...rest }: VerifyConfig): Record<string, unknown> {
  return {
    sde: sdeFacts(sde),
    target: { name: target.name, options: target.options },
    model: model === undefined ? "exact" : model.predicts,
    ...(solvers === undefined
      ? {}
      : { solvers: solvers.map((solver) => (typeof solver === "string" ? solver : solver.name)) }),
    ...rest,
  };
}
