import { UsageError } from "../../solvers/errors.js";
import { uniformNodes } from "../../solvers/spaces/law-frame.js";
import type { Model } from "../../solvers/types.js";
import { exactScore } from "../scores/exact-score.js";
import type { Sde } from "../sdes/types.js";
import type { Target } from "../targets/types.js";
import { hasExactLaw } from "../verification/exact-law.js";
import { reverseFokkerPlanck } from "../verification/fokker-planck/reverse-fokker-planck.js";
import { gridLaw } from "../verification/laws/grid-law.js";
import { truthDistances } from "../verification/laws/output-law.js";
import { type Comparison, compare } from "./compare.js";
import type { CompareSurroundings } from "./compare-config.js";
import { fokkerPlanckCheck } from "./fokker-planck-check.js";
import { sdeFacts, targetFacts } from "./result-head.js";
import { stamp } from "./stamp.js";
import { TOUR_DEFAULTS, type TourConfig } from "./tour-config.js";
import type { DensityCurve, GeneratedLaw, Tour, TourPictures, TourProcess } from "./tour-result.js";
import { learnScore } from "./tour-training.js";

const CURVE_NODES = 201;

/**
 * The whole pipeline on one target: forward SDEs, a score network trained by denoising score matching, samplers with the exact and with
 * the learned score held against the truth, and the Fokker–Planck equation as a judge of both.
 *
 * @throws UsageError before any work; the signal's reason when aborted
 */
export async function tour(config: TourConfig, surroundings: CompareSurroundings = {}): Promise<Tour> {
  const { now = () => performance.now(), started = new Date(), argv = [], signal, onProgress } = surroundings;
  const setting = { engine: "auto" as const, controls: true, ...TOUR_DEFAULTS, ...config };
  checkTour(setting);
  const begun = now();
  const processes: TourProcess[] = [];
  const pictures: TourPictures[] = [];
  for (const [index, sde] of setting.sdes.entries()) {
    const report = (what: string, fraction: number) => {
      signal?.throwIfAborted();
      onProgress?.(`${sde.name}: ${what}`, (index + fraction) / setting.sdes.length);
    };
    const leg = await tourOf(sde, setting, { now, signal, report });
    processes.push(leg.process);
    pictures.push(leg.pictures);
  }
  onProgress?.("done", 1);
  const { target, seed } = setting;
  const seconds = (now() - begun) / 1000;
  return {
    pictures,
    result: {
      schema: "score-sde/tour@1",
      stamp: stamp({
        seed,
        config: plainConfig(setting),
        engine: processes[0]!.training.engine,
        started,
        argv,
        seconds,
      }),
      target: targetFacts(target),
      passed: processes.every(({ equation }) => equation.passed),
      processes,
    },
  };
}

type Setting = Required<TourConfig>;

interface Guides {
  readonly now: () => number;
  readonly signal: AbortSignal | undefined;
  readonly report: (what: string, fraction: number) => void;
}

async function tourOf(
  sde: Sde,
  setting: Setting,
  { now, signal, report }: Guides,
): Promise<{ readonly process: TourProcess; readonly pictures: TourPictures }> {
  const { target, seed } = setting;
  /** Tells the parts of a part as shares of the whole. */
  const within = (what: string, from: number, to: number) => (fraction: number) =>
    report(what, from + (to - from) * fraction);
  report("training", 0);
  const { model, training, picture } = await learnScore({
    ...setting,
    sde,
    now,
    signal,
    onProgress: within("training by denoising score matching", 0, 0.3),
  });
  try {
    const run = (score: Model | undefined, from: number, to: number) => {
      const what = `samplers with the ${score === undefined ? "exact" : "learned"} score`;
      const told = within(what, from, to);
      return compareScore(sde, setting, score, { now, signal, onProgress: (_, fraction) => told(fraction) });
    };
    const exact = await run(undefined, 0.3, 0.45);
    const learned = await run(model, 0.45, 0.65);
    const told = within("Fokker–Planck equation", 0.65, 0.9);
    const { samples, controls } = setting;
    const equation = await fokkerPlanckCheck(
      { sde, target, seed, controls, samples: Math.min(samples, 2000) },
      { now, ...(signal === undefined ? {} : { signal }), onProgress: (_, fraction) => told(fraction) },
    );
    report("reverse-time equation", 0.9);
    const generatedExact = await generated(sde, target, exactScore(target, sde), signal);
    report("reverse-time equation with the learned score", 0.95);
    const generatedLearned = await generated(sde, target, model, signal);
    const times = uniformNodes(sde.tMin, sde.tMax, CURVE_NODES);
    const [driftCoefficient, diffusion] = [
      times.map((t) => sde.driftCoefficient(t)),
      times.map((t) => sde.diffusion(t)),
    ];
    const ends = (values: Float64Array) => [values[0]!, values[values.length - 1]!] as const;
    const { passed, checks, controls: planted } = equation.result;
    return {
      process: {
        sde: sdeFacts(sde),
        tMin: sde.tMin,
        tMax: sde.tMax,
        driftCoefficient: ends(driftCoefficient),
        diffusion: ends(diffusion),
        priorStandardDeviation: sde.priorStandardDeviation,
        training,
        floor: exact.result.floor,
        exact: exact.result.runs,
        learned: learned.result.runs,
        equation: { passed, checks, controls: planted },
        generated: { exact: generatedExact.law, learned: generatedLearned.law },
      },
      pictures: {
        times,
        driftCoefficient,
        diffusion,
        score: picture,
        exact: exact.panels,
        learned: learned.panels,
        equation: equation.pictures,
        generated: { exact: generatedExact.curve, learned: generatedLearned.curve },
      },
    };
  } finally {
    await model.dispose();
  }
}

async function compareScore(
  sde: Sde,
  { target, solvers, evaluations, tolerance, samples, repeats, seed }: Setting,
  model: Model | undefined,
  { signal, ...surroundings }: Pick<CompareSurroundings, "now" | "onProgress"> & { signal: AbortSignal | undefined },
): Promise<Comparison> {
  const compared = await compare(
    {
      sde,
      target,
      ...(model === undefined ? {} : { model }),
      solvers,
      evaluations: [evaluations],
      tolerances: [tolerance],
      samples,
      repeats,
      seed,
      metrics: ["w1", "w2"],
    },
    { ...surroundings, ...(signal === undefined ? {} : { signal }) },
  );
  signal?.throwIfAborted();
  return compared;
}

/** The density that a score generates from the prior in continuous time, and its distances to the data. */
async function generated(
  sde: Sde,
  target: Target,
  score: Model,
  signal: AbortSignal | undefined,
): Promise<{ readonly law: GeneratedLaw; readonly curve: DensityCurve }> {
  const solution = await reverseFokkerPlanck({
    sde,
    score,
    times: [sde.tMin],
    ...(signal === undefined ? {} : { signal }),
  });
  signal?.throwIfAborted();
  const { grid, densities, status } = solution;
  const density = densities[densities.length - 1]!;
  const distances = truthDistances(gridLaw(grid, density), target, sde, "data");
  return { law: { ...distances, status }, curve: { x: grid.centres, density } };
}

function checkTour({ sdes, target }: Setting): void {
  if (sdes.length === 0) throw new UsageError("sdes: must name at least one, but got none - leave it out");
  if (target.dimension !== 1 || !hasExactLaw(target)) {
    throw new UsageError(
      `target: the tour needs a law on the line with a quantile function, but '${target.name}' has dimension ${target.dimension} - choose a 1-D target, such as ${TOUR_DEFAULTS.target}`,
    );
  }
  const odd = sdes.find(({ linear }) => !linear);
  if (odd !== undefined) {
    throw new UsageError(
      `sdes: must have a drift that is linear in x, but '${odd.name}' has not - see it with fokker-planck`,
    );
  }
}

function plainConfig({ sdes, target, solvers, engine, ...rest }: Setting): Record<string, unknown> {
  return {
    sdes: sdes.map(({ name, options }) => ({ name, options })),
    target: { name: target.name, options: target.options },
    solvers: solvers.map((solver) => (typeof solver === "string" ? solver : solver.name)),
    engine: typeof engine === "string" ? engine : engine.description,
    ...rest,
  };
}
