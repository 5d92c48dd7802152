import { kolmogorovSmirnov } from "../../metrics/kolmogorov-smirnov.js";
import { sample } from "../../sampling/sample.js";
import { perturbedAt } from "../laws/output-law.js";
import type { SampledTest } from "../sampled-family.js";
import { exactStarts } from "./start-samples.js";
import { endingAt, type Subject } from "./subject.js";

/** (c) Samples of the probability flow (rk45, tolerance 1e-6) from p_tMax down to t, against p_t; `run` names their start. */
export async function flowSamples(
  subject: Subject,
  t: number,
  run = 0,
): Promise<{ readonly test: SampledTest; readonly samples: Float64Array }> {
  const { target, flowScore: model, samples: count, seed } = subject;
  const sde = endingAt(subject.sde, t);
  const initial = exactStarts(target, sde, { count, seed, run: 1 + run });
  const { samples } = await sample({ sde, model, solver: "rk45", rtol: 1e-6, atol: 1e-6, samples: count, initial });
  const law = perturbedAt(target, sde, t);
  return {
    samples: samples.data,
    test: {
      name: `flow-samples t=${Number(t.toPrecision(3))}`,
      claim: `${count} samples of the probability flow follow p_t at t = ${Number(t.toPrecision(3))} (Kolmogorov–Smirnov)`,
      result: kolmogorovSmirnov(samples.data, (x) => law.cdf!(x)),
      statement: 6,
    },
  };
}
