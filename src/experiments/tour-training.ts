import { uniformNodes } from "../../solvers/spaces/law-frame.js";
import { exactScore } from "../scores/exact-score.js";
import type { Sde } from "../sdes/types.js";
import type { Target } from "../targets/types.js";
import { type NetworkModel, train } from "../training/index.js";
import { scoreFunction } from "../verification/fokker-planck/score-source.js";
import { perturbedAt } from "../verification/laws/output-law.js";
import { learnedScore } from "../verification/learned-score.js";
import { evenTimes } from "../verification/probe-times.js";
import { SHORT_TRAINING, type TourConfig } from "./tour-config.js";
import type { TourPictures, TourTraining } from "./tour-result.js";

const INTERVALS = 24;
const PLACES = 401;

/** A trained score, its true error, and both scores where that is largest. */
export interface LearnedScore {
  readonly model: NetworkModel;
  readonly training: TourTraining;
  readonly picture: TourPictures["score"];
}

export interface LearnOptions extends Required<Pick<TourConfig, "network" | "trainingSteps" | "engine" | "seed">> {
  readonly sde: Sde;
  readonly target: Target;
  readonly now: () => number;
  readonly signal: AbortSignal | undefined;
  readonly onProgress: (fraction: number) => void;
}

/** Trains a network by denoising score matching and holds it against the exact score. The caller disposes of the model. */
export async function learnScore(options: LearnOptions): Promise<LearnedScore> {
  const { sde, target, network, trainingSteps, engine, seed, now, signal, onProgress } = options;
  const begun = now();
  const { model, history, status, message, step } = await train({
    sde,
    data: target,
    network,
    steps: trainingSteps,
    engine,
    seed,
    ...SHORT_TRAINING,
    // The error is measured below, by quadrature.
    validateEvery: trainingSteps,
    onProgress: ({ step: taken }) => onProgress(taken / trainingSteps),
    ...(signal === undefined ? {} : { signal }),
  });
  try {
    signal?.throwIfAborted();
    const seconds = (now() - begun) / 1000;
    const measured = await learnedScore(model, sde, target);
    const scoreError = [];
    for (const t of evenTimes(sde, INTERVALS)) {
      scoreError.push({ t, logSnr: sde.logSnr(t), value: sde.sigma(t) * (await measured.error(t)) });
    }
    const worst = scoreError.reduce((most, one) => (one.value > most.value ? one : most));
    const { network: built, parameters } = model.trained;
    return {
      model,
      picture: await bothScores(sde, target, model, worst.t),
      training: {
        network: built.name,
        parameters: parameters.length,
        predicts: model.predicts,
        engine: model.engine,
        steps: step,
        status,
        message,
        seconds,
        loss: history.at(-1)?.loss ?? Number.NaN,
        scoreError,
        klBound: measured.kl,
      },
    };
  } catch (error) {
    await model.dispose();
    throw error;
  }
}

/** σ s at one time, between the quantiles 1e-4 and 1 − 1e-4 of p_t. */
async function bothScores(sde: Sde, target: Target, model: NetworkModel, t: number): Promise<TourPictures["score"]> {
  const law = perturbedAt(target, sde, t);
  const x = uniformNodes(law.quantile!(1e-4), law.quantile!(1e-4, { upper: true }), PLACES);
  const values = async (score: Parameters<typeof scoreFunction>[0]) => {
    const out = new Float64Array(x.length);
    await scoreFunction(score, sde)(x, t, out);
    return out.map((value) => sde.sigma(t) * value);
  };
  return { t, x, exact: await values(exactScore(target, sde)), learned: await values(model) };
}
