import { UsageError } from "../../solvers/errors.js";
import { numberText } from "../../solvers/number-text.js";
import type { Model } from "../../solvers/types.js";
import type { Sde } from "../sdes/types.js";
import type { Target } from "../targets/types.js";
import { allHold, type Check } from "../verification/check.js";
import { type ControlResult, missedControls } from "../verification/control.js";
import type { DensitySolution } from "../verification/fokker-planck/density-solution.js";
import type { fokkerPlanck } from "../verification/fokker-planck/fokker-planck.js";
import type { fokkerPlanck2d } from "../verification/fokker-planck/fokker-planck-2d.js";
import {
  checkSubject,
  controlsFor,
  densityTransport,
  equationResidual,
  finiteVolumes,
  flowSamples,
  forwardLaw,
  forwardSamples,
  generate,
  gradientCheck,
  indexAt,
  judgeGenerated,
  measuredScore,
  nonlinearControls,
  nonlinearForward,
  nonlinearReverse,
  nonlinearReverseDensity,
  nonlinearScore,
  nonlinearSubject,
  nonlinearTransport,
  nonlinearVolumes,
  planeVolumes,
  reverseEquation,
  reverseLaw,
  reverseSamples,
  runControl,
  scoreError,
  scoreResidual,
  transportCheck,
} from "../verification/fokker-planck-check/index.js";
import { judgeFamily } from "../verification/sampled-family.js";
import type { CompareSurroundings } from "./compare-config.js";
import { densitySlice, linePictures, nonlinearEvolution } from "./fokker-planck-pictures.js";
import type { FokkerPlanckCheckResult, FokkerPlanckOutcome, FokkerPlanckPictures } from "./fokker-planck-result.js";
import { planePictures } from "./plane-pictures.js";
import { sdeFacts, targetFacts } from "./result-head.js";
import { stamp } from "./stamp.js";

/** What `fokkerPlanckCheck` is told. */
export interface FokkerPlanckCheckConfig {
  readonly sde: Sde;
  /** The data law, on the line or in the plane; under a drift that is nonlinear in x, the law of x at tMin, on the line. */
  readonly target: Target;
  /** The score to check; the exact one when left out. Not with a nonlinear drift, whose score comes from its density. */
  readonly model?: Model;
  /** KL in nats that the error of `model` may cost, 0 for one that is meant to be exact; default: what the best Gaussian's score costs. */
  readonly modelTolerance?: number;
  /** Samples per sampled test, default 2000. */
  readonly samples?: number;
  readonly seed?: number;
  /** Plants mistakes and sees whether they are noticed; default true. */
  readonly controls?: boolean;
  /** The solver of the forward equation, for those who bring their own. */
  readonly solve?: typeof fokkerPlanck;
  /** That in the plane. */
  readonly solvePlane?: typeof fokkerPlanck2d;
}

interface Findings {
  readonly checks: readonly Check[];
  readonly controls: readonly ControlResult[];
  readonly pictures: FokkerPlanckPictures;
}

type Report = (what: string, fraction: number) => void;

/**
 * Checks on one SDE and a target on the line or in the plane that equation, exact law, score, samplers and samples belong together, and
 * that planted mistakes are noticed.
 *
 * @throws UsageError before any work for a target above dimension 2, or above 1 under a drift that is nonlinear in x, for a model of
 * another dimension, and for a diffusion that is zero throughout
 */
export async function fokkerPlanckCheck(
  config: FokkerPlanckCheckConfig,
  surroundings: CompareSurroundings = {},
): Promise<FokkerPlanckOutcome> {
  const { now = () => performance.now(), started = new Date(), argv = [], onProgress, signal } = surroundings;
  const { sde, target, model, samples = 2000, seed = 0 } = config;
  const begun = now();
  const report: Report = (what, fraction) => {
    signal?.throwIfAborted();
    onProgress?.(what, fraction);
  };
  const find = sde.linear ? linearFindings : nonlinearFindings;
  const { checks, controls, pictures } = await find({ ...config, samples, seed }, report, signal);
  onProgress?.("done", 1);
  const result: FokkerPlanckCheckResult = {
    schema: "score-sde/fokker-planck@1",
    stamp: stamp({ seed, config: plainConfig(config), started, argv, seconds: (now() - begun) / 1000 }),
    sde: sdeFacts(sde),
    target: targetFacts(target),
    score: sde.linear ? (model?.predicts ?? "exact") : "from the density",
    passed: allHold(checks) && missedControls(controls).length === 0,
    checks,
    controls,
  };
  return { result, pictures };
}

type ReadyConfig = FokkerPlanckCheckConfig & { readonly samples: number; readonly seed: number };

async function linearFindings(config: ReadyConfig, report: Report, signal?: AbortSignal): Promise<Findings> {
  const exact = checkSubject({ ...config, model: undefined });
  report("equation", 0);
  const subject = checkSubject({ ...config, ...(await measuredScore(config, config)) });
  const { target, times } = subject;
  const onLine = target.dimension === 1;
  const checks: Check[] = [equationResidual(subject)];
  report("finite volumes", 0.05);
  const volumes = onLine ? await finiteVolumes(subject, signal) : await planeVolumes(subject, signal);
  report("forward SDE", 0.15);
  const forward = forwardSamples(subject);
  checks.push(...volumes.checks, forwardLaw(subject));
  const stops = [times[times.length >> 1]!, times[0]!];
  const tests = [...forward.tests];
  let generatedSamples: Float64Array | null = null;
  for (const [index, t] of stops.entries()) {
    report(`reverse SDE to t = ${numberText(t, 3)}`, 0.2 + 0.15 * index);
    const reverse = onLine ? await reverseLaw(subject, t, { signal }) : await reverseSamples(subject, t, index, signal);
    const flow = await flowSamples(subject, t, index);
    for (const { check, test } of [reverse, flow]) {
      if (check !== null) checks.push(check);
      if (test !== null) tests.push(test);
    }
    generatedSamples = reverse.samples;
  }
  report("score", 0.5);
  if (!onLine) checks.push(await reverseEquation(subject), await gradientCheck(subject));
  const residual = await scoreResidual(subject, onLine ? 9 : 3);
  checks.push(residual.check);
  if (config.model !== undefined) checks.push(await scoreError(subject));
  report("transport", 0.55);
  checks.push(onLine ? await transportCheck(subject) : await densityTransport(subject));
  const densities: DensitySolution[] = [];
  for (const [index, eta] of onLine ? ([1, 0.5] as const).entries() : []) {
    report(`reverse equation, eta = ${eta}`, 0.6 + 0.07 * index);
    const density = await generate(subject, { eta, signal });
    densities.push(density);
    checks.push(judgeGenerated(subject, eta, density));
  }
  checks.push(...judgeFamily(tests));
  const controls: ControlResult[] = [];
  const planned = config.controls === false ? [] : controlsFor(target);
  for (const [index, control] of planned.entries()) {
    report(`planted mistake: ${control.name}`, 0.75 + (0.25 * index) / planned.length);
    // Mistakes are planted in the exact score: a learned one has figures without a bound.
    controls.push(await runControl(exact, control));
  }
  const found = { forward, residual, generatedSamples };
  const pictures =
    "solution" in volumes
      ? linePictures(subject, { ...found, volumes: volumes.solution, generated: densities[0]! })
      : planePictures(subject, { ...found, volumes: volumes.solutions });
  return { checks, controls, pictures };
}

async function nonlinearFindings(config: ReadyConfig, report: Report): Promise<Findings> {
  if (config.model !== undefined) {
    throw new UsageError(
      `model: '${config.sde.name}' has a drift that is nonlinear in x, whose score is read off its density - leave the model out`,
    );
  }
  report("solving the equation", 0);
  const subject = await nonlinearSubject(config);
  const { solution, times } = subject;
  report("finite volumes", 0.2);
  const checks = await nonlinearVolumes(subject);
  report("forward SDE", 0.3);
  const forward = await nonlinearForward(subject);
  report("reverse SDE", 0.4);
  const reverse = await nonlinearReverse(subject);
  report("reverse equation", 0.5);
  checks.push(await nonlinearScore(subject), await nonlinearTransport(subject), await nonlinearReverseDensity(subject));
  checks.push(...judgeFamily([...forward.tests, reverse]));
  report("planted mistakes", 0.7);
  const controls = config.controls === false ? [] : await nonlinearControls(subject);
  return {
    checks,
    controls,
    pictures: {
      evolution: nonlinearEvolution(solution),
      plane: null,
      slices: [1, 2, 4].map((k) => densitySlice(solution, indexAt(solution, times[k]!), null, forward.samples[k]!)),
      residual: null,
      generated: null,
    },
  };
}

function plainConfig({
  sde,
  target,
  model,
  solve: _solve,
  solvePlane: _solvePlane,
  ...rest
}: FokkerPlanckCheckConfig): Record<string, unknown> {
  return {
    sde: sdeFacts(sde),
    target: { name: target.name, options: target.options },
    model: model === undefined ? "exact" : model.predicts,
    ...rest,
  };
}
