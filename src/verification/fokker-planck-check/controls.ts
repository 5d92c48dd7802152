import type { Model } from "../../../solvers/types.js";
import type { Check } from "../check.js";
import type { Control, ControlResult } from "../control.js";
import { laterBy, modelFrom } from "../model-from.js";
import { sameScore } from "../same-score.js";
import { sameSde } from "../same-sde.js";
import { densityTransport } from "./density-transport.js";
import { equationResidual } from "./equation-residual.js";
import { forwardLaw } from "./forward-law.js";
import { generatedDensity } from "./generated-density.js";
import { reverseLaw } from "./reverse-law.js";
import { gradientCheck, reverseEquation } from "./score-fields.js";
import { scoreResidual } from "./score-residual.js";
import type { Subject, SubjectPart } from "./subject.js";
import { transportCheck } from "./transport.js";

/** The mistakes that a check is tried on: in the plane one more than on the line. */
export function controlsFor({ dimension }: Subject["target"]): readonly Control<Subject>[] {
  return dimension === 1 ? CONTROLS : [...CONTROLS, TURNED_SCORE];
}

const CONTROLS: readonly Control<Subject>[] = [
  {
    name: "scaled-score",
    mistake: "the score is multiplied by 1.1",
    plant: (subject) =>
      withScore(
        subject,
        rescaled(subject, subject.score, () => 1.1),
      ),
  },
  {
    name: "time-shifted-score",
    mistake: "the score is read 5% of the range of λ too late",
    plant: (subject) => withScore(subject, shifted(subject)),
  },
  {
    name: "dropped-half",
    mistake: "the flow has drift f − g²s: the ½ is missing",
    plant: (subject) => ({ ...subject, flowScore: rescaled(subject, subject.score, () => 2) }),
  },
  {
    name: "flow-sign",
    mistake: "the flow has drift f + ½g²s: wrong sign",
    plant: (subject) => ({ ...subject, flowScore: rescaled(subject, subject.score, () => -1) }),
  },
  {
    name: "reverse-sign",
    mistake: "the reverse SDE has drift f + g²s: wrong sign",
    plant: (subject) => ({ ...subject, reverseScore: rescaled(subject, subject.score, () => -1) }),
  },
  {
    name: "missing-g",
    mistake: "the flow has drift f − ½s: g² is left out of the correction",
    plant: (subject) => {
      const { sde, score } = subject;
      const inverse = (t: number) => 1 / (sde.diffusion(t) * sde.diffusion(t));
      return { ...subject, flowScore: rescaled(subject, score, inverse) };
    },
  },
  {
    name: "noise-dropped",
    mistake: "the flow has drift f: the noise is left out and the drift not changed with it",
    plant: (subject) => ({ ...subject, flowScore: rescaled(subject, subject.score, () => 0) }),
  },
  {
    name: "diffusion-not-halved",
    mistake: "the forward equation has g² in place of ½g²",
    plant: (subject) => {
      const { sde } = subject;
      return { ...subject, equation: { ...sde, diffusion: (t: number) => Math.SQRT2 * sde.diffusion(t) } };
    },
  },
];

/** How far the score is turned, as the tangent of the angle. */
const TURN = 0.1;

/**
 * The added field v = TURN · J ∇log p has ∇·(p v) = TURN ∇·(J ∇p) = 0: reverse SDE and flow keep p_t, so that no density, no likelihood
 * and no samples can tell.
 */
const TURNED_SCORE: Control<Subject> = {
  name: "turned-score",
  mistake: "a tenth of the score, turned by 90°, is added to it",
  plant: (subject) =>
    withScore(
      subject,
      modelFrom(subject.score, subject.sde, {
        rows(scores) {
          for (let i = 0; i < scores.length; i += 2) {
            const [along, up] = [scores[i]!, scores[i + 1]!];
            scores[i] = along - TURN * up;
            scores[i + 1] = up + TURN * along;
          }
        },
      }),
    ),
};

type Watchers = Readonly<Partial<Record<SubjectPart, readonly ((subject: Subject) => Check | Promise<Check>)[]>>>;

const scoreEquation = async (subject: Subject) =>
  (await scoreResidual(subject, subject.target.dimension === 1 ? 5 : 2)).check;

/** Checks that read each part, cheapest first. */
const ON_LINE: Watchers = {
  equation: [equationResidual, forwardLaw],
  score: [scoreEquation],
  // A wrong flow misses by far, and may be stiff.
  flowScore: [
    (subject) => transportCheck(subject, { nodes: 9, tolerances: [1e-4, 1e-6] }),
    (subject) => transportCheck(subject, { nodes: 9, tolerances: [1e-9, 1e-11] }),
  ],
  // Where noise is weak the equation's fluxes are upwind and its bound wide.
  reverseScore: [
    (subject) => generatedDensity(subject, 1),
    async (subject) => (await reverseLaw(subject, subject.sde.tMin, { sampled: false })).check,
  ],
};

const IN_PLANE: Watchers = {
  equation: [equationResidual, forwardLaw],
  score: [gradientCheck, scoreEquation],
  flowScore: [(subject) => densityTransport(subject, { points: 16, tolerances: [1e-3, 1e-5] })],
  reverseScore: [reverseEquation],
};

/** Plants a mistake and runs the checks that read the changed parts, until one fails; if none does, sees whether anything changed. */
export async function runControl(subject: Subject, { name, mistake, plant }: Control<Subject>): Promise<ControlResult> {
  const planted = plant(subject);
  const parts = (["equation", "score", "flowScore", "reverseScore"] as const).filter(
    (part) => planted[part] !== subject[part],
  );
  const watchers = subject.target.dimension === 1 ? ON_LINE : IN_PLANE;
  for (const watcher of parts.flatMap((part) => watchers[part] ?? [])) {
    const check = await watcher(planted);
    if (check.verdict === "fail") return { name, mistake, caught: true, changes: true, by: check };
  }
  for (const part of parts) {
    const isSame =
      part === "equation"
        ? sameSde(planted.equation, subject.equation)
        : await sameScore(planted[part], subject[part], subject);
    if (!isSame) return { name, mistake, caught: false, changes: true, by: null };
  }
  return { name, mistake, caught: false, changes: false, by: null };
}

function withScore(subject: Subject, score: Model): Subject {
  return { ...subject, score, flowScore: score, reverseScore: score };
}

function rescaled({ sde }: Subject, model: Model, factor: (t: number) => number): Model {
  return modelFrom(model, sde, { value: (score, t) => factor(t) * score });
}

function shifted({ sde, score }: Subject): Model {
  const range = sde.logSnr(sde.tMin) - sde.logSnr(sde.tMax);
  return modelFrom(score, sde, { at: laterBy(sde, 0.05 * range) });
}
