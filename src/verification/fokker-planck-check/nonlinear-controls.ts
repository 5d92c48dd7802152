import type { Check } from "../check.js";
import type { Control, ControlResult } from "../control.js";
import { judgeFamily } from "../sampled-family.js";
import { nonlinearForward } from "./nonlinear-forward.js";
import { nonlinearReverseDensity } from "./nonlinear-reverse-density.js";
import type { NonlinearSubject } from "./nonlinear-subject.js";
import { nonlinearTransport } from "./nonlinear-transport.js";

interface NonlinearControl extends Control<NonlinearSubject> {
  readonly check: (subject: NonlinearSubject) => Promise<Check[]>;
}

/** Samples of a control at least: a drift that holds the law together hides half of what a wrong noise does. */
const SAMPLES = 20_000;

const forward = async (subject: NonlinearSubject) =>
  judgeFamily((await nonlinearForward({ ...subject, samples: Math.max(SAMPLES, subject.samples) })).tests);
const reverse = async (subject: NonlinearSubject) => [await nonlinearReverseDensity(subject)];
const flow = async (subject: NonlinearSubject) => [await nonlinearTransport(subject)];

const CONTROLS: readonly NonlinearControl[] = [
  {
    name: "scaled-score",
    mistake: "the score is multiplied by 1.1",
    plant: (subject) => ({ ...subject, reverseFactor: 1.1, flowFactor: 1.1 }),
    check: reverse,
  },
  {
    name: "dropped-half",
    mistake: "the flow has drift f − g²s: the ½ is missing",
    plant: (subject) => ({ ...subject, flowFactor: 2 }),
    check: flow,
  },
  {
    name: "reverse-sign",
    mistake: "the reverse SDE has drift f + g²s: wrong sign",
    plant: (subject) => ({ ...subject, reverseFactor: -1 }),
    check: reverse,
  },
  {
    name: "noise-dropped",
    mistake: "the flow has drift f: the noise is left out and the drift not changed with it",
    plant: (subject) => ({ ...subject, flowFactor: 0 }),
    check: flow,
  },
  {
    name: "diffusion-not-halved",
    mistake: "the SDE is simulated with √2 g",
    plant(subject) {
      const { sde } = subject;
      return { ...subject, simulated: { ...sde, diffusion: (t: number) => Math.SQRT2 * sde.diffusion(t) } };
    },
    check: forward,
  },
];

/** Plants the mistakes that a nonlinear drift allows, one after the other. */
export async function nonlinearControls(subject: NonlinearSubject): Promise<ControlResult[]> {
  const results: ControlResult[] = [];
  for (const { name, mistake, plant, check } of CONTROLS) {
    const by = (await check(plant(subject))).find(({ verdict }) => verdict === "fail") ?? null;
    results.push({ name, mistake, caught: by !== null, changes: true, by });
  }
  return results;
}
