import { numberText } from "../../../solvers/number-text.js";
import { rk45 } from "../../../solvers/ode/adaptive-probability-flow.js";
import { kolmogorovSmirnov } from "../../metrics/kolmogorov-smirnov.js";
import { sample } from "../../sampling/sample.js";
import { type Check, reported } from "../check.js";
import { cellCdf } from "../laws/cell-law.js";
import { outputLaw, perturbedAt } from "../laws/output-law.js";
import type { SampledTest } from "../sampled-family.js";
import { exactDraws } from "./exact-draws.js";
import { lawTest, lawTestName } from "./law-test.js";
import { cellCounts, planeCells } from "./plane-cells.js";
import { distance } from "./reverse-samples.js";
import { exactStarts } from "./start-samples.js";
import { endingAt, type Subject } from "./subject.js";

/** What samples of the flow gave at one time: a test, or a figure without a bound. */
export interface FlowSamples {
  readonly test: SampledTest | null;
  readonly check: Check | null;
  readonly samples: Float64Array;
}

/** (c) Samples of the probability flow (rk45, tolerance 1e-6, in the plane 1e-5) from p_tMax down to t, against p_t; `run` names their start. */
export async function flowSamples(subject: Subject, t: number, run = 0): Promise<FlowSamples> {
  const { target, flowScore: model, learned, samples: count, seed } = subject;
  const sde = endingAt(subject.sde, t);
  const start = { count, seed, run: 1 + run };
  const initial =
    target.dimension === 1
      ? exactStarts(target, sde, start)
      : exactDraws(target, perturbedAt(target, sde, sde.tMax), start);
  // A test of cells sees less than one of single samples.
  const tolerance = target.dimension === 1 ? 1e-6 : 1e-5;
  const solver = rk45.create({ rtol: tolerance, atol: tolerance });
  const { samples } = await sample({ sde, model, solver, samples: count, initial });
  const law = perturbedAt(target, sde, t);
  const label = numberText(t, 3);
  const name = `flow-samples t=${label}`;
  const claim = (what: string, test: string) =>
    `${count} samples of the probability flow follow ${what} at t = ${label} (${test})`;
  if (learned === null) {
    const test = {
      name,
      claim: claim("p_t", lawTestName(target)),
      ...lawTest(samples.data, target, law),
      statement: 6,
    };
    return { test, check: null, samples: samples.data };
  }
  if (target.dimension > 1) {
    const cells = planeCells(target, law, count);
    const shares = cellCounts(cells, samples.data).map((hits) => hits / count);
    const check = reported(distance(shares, cells.probabilities), {
      name,
      statement: 6,
      claim: claim("p_t", "L1 over cells of equal mass"),
      reason: "no bound in terms of the score's error alone: it grows with the flow's Lipschitz constant",
    });
    return { test: null, check, samples: samples.data };
  }
  const own = await outputLaw({ sde, target, model, solver, grid: null, start: "exact", denoise: false });
  const result = kolmogorovSmirnov(samples.data, cellCdf(own));
  const what = "the law that the score makes of p_tMax";
  const test = { name, claim: claim(what, lawTestName(target)), result, statement: 6 };
  return { test, check: null, samples: samples.data };
}
