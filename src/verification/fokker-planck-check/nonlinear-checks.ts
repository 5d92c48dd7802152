import { solveOde } from "../../../solvers/ode/solve-ode.js";
import { kolmogorovSmirnov } from "../../metrics/kolmogorov-smirnov.js";
import { atMost, type Check } from "../check.js";
import { cellAverages, densityL1 } from "../fokker-planck/density-distances.js";
import { fokkerPlanck } from "../fokker-planck/fokker-planck.js";
import { reverseFokkerPlanck } from "../fokker-planck/reverse-fokker-planck.js";
import { scoreFpeResidual } from "../fokker-planck/score-fpe-residual.js";
import { scoreFromDensity } from "../fokker-planck/score-from-density.js";
import type { SampledTest } from "../sampled-family.js";
import { densityCdf, densityQuantile } from "./density-law.js";
import { heunPath } from "./heun-path.js";
import type { NonlinearSubject } from "./nonlinear-subject.js";

const STEPS = 400;

/** Mass, positivity, and the change of the density on cells twice as fine against the run's own estimates. */
export async function nonlinearVolumes({ sde, target, solution, finer }: NonlinearSubject): Promise<Check[]> {
  const { grid, densities, mass, minimum, timeError, spaceError, lostMass, status, message } = solution;
  const { edges, widths } = finer.grid;
  // Both runs on common cells: the finer end density averaged over the coarser cells.
  const cdf = densityCdf(finer, finer.densities.length - 1);
  const averages = grid.widths.map((width, i) => (cdf(grid.edges[i + 1]!) - cdf(grid.edges[i]!)) / width);
  const change = densityL1(grid, densities[densities.length - 1]!, averages);
  const allowed = 2 * ((spaceError ?? Number.NaN) + (timeError ?? Number.NaN)) + lostMass;
  const drift = mass.reduce((most, value) => Math.max(most, Math.abs(value - mass[0]!)), 0);
  const again = await fokkerPlanck({
    sde,
    initial: target,
    edges,
    times: [sde.tMax],
    scheme: "implicit-euler",
    steps: 1600,
  });
  const other = await fokkerPlanck({
    sde,
    initial: target,
    edges,
    times: [sde.tMax],
    scheme: "implicit-euler",
    steps: 800,
  });
  const [a, b] = [again.densities[1]!, other.densities[1]!];
  const extrapolated = a.map((value, i) => 2 * value - b[i]!);
  const end = finer.densities[finer.densities.length - 1]!;
  return [
    atMost(change, status === "success" ? allowed : Number.NaN, {
      name: "finite-volumes",
      statement: 7,
      claim: `the density at t = ${sde.tMax} does not change on cells half as wide (L1)`,
      reason: `twice the run's own estimates of its errors in space and time${status === "success" ? "" : `; ${status}: ${message}`}`,
    }),
    atMost(
      densityL1({ ...finer.grid, widths }, end, extrapolated),
      0.25 * densityL1(finer.grid, a, b) + 2 * (finer.timeError ?? 0),
      {
        name: "time-stepping",
        statement: 7,
        claim: "another time scheme gives the same density (implicit Euler, extrapolated; L1)",
        reason: "a quarter of what halving the step of implicit Euler changes, which is of order 1",
      },
    ),
    atMost(drift, 1e-12, {
      name: "mass",
      claim: "no mass appears or disappears (largest change)",
      reason: "rounding of a conservative scheme over all steps",
    }),
    atMost(-minimum, 0, {
      name: "positivity",
      claim: "no density is negative (minus the least)",
      reason: "the scheme is limited to stay positive",
    }),
  ];
}

/** Samples of the forward SDE against the solved density. */
export async function nonlinearForward(
  subject: NonlinearSubject,
): Promise<{ tests: SampledTest[]; samples: Float64Array[] }> {
  const { sde, simulated, target, times, samples: count, seed, solution } = subject;
  const known = await fokkerPlanck({ sde, initial: target, edges: solution.grid.edges, times });
  const x = target.sample({ count, seed }).data.slice();
  const kept = [x.slice()];
  await heunPath({
    drift: (points, t, out) => {
      simulated.drift(points, t, out);
    },
    diffusion: (t) => simulated.diffusion(t),
    times: Float64Array.from({ length: STEPS + 1 }, (_, k) => sde.tMin + ((sde.tMax - sde.tMin) * k) / STEPS),
    x,
    seed,
    run: 0,
    onStep: (k, now) => {
      if ((k * (times.length - 1)) % STEPS === 0) kept.push(now.slice());
    },
  });
  const tests = kept.slice(1).map((samples, index): SampledTest => {
    const label = Number(times[index + 1]!.toPrecision(3));
    return {
      name: `forward-samples t=${label}`,
      claim: `${count} samples of the forward SDE follow the solved density at t = ${label} (Kolmogorov–Smirnov)`,
      result: kolmogorovSmirnov(samples, densityCdf(known, index + 1)),
      statement: 7,
    };
  });
  return { tests, samples: kept };
}

/** Samples of the reverse SDE, its score read off the density, back at the initial law. */
export async function nonlinearReverse(
  subject: NonlinearSubject,
): Promise<{ test: SampledTest; samples: Float64Array }> {
  const { sde, target, finer, oracle, reverseFactor, samples: count, seed } = subject;
  const quantile = densityQuantile(finer, finer.densities.length - 1);
  const x = Float64Array.from({ length: count }, (_, i) => quantile((i + 0.5) / count));
  const score = new Float64Array(count);
  const span = sde.tMax - sde.tMin;
  await heunPath({
    drift(points, t, out) {
      sde.drift(points, t, out);
      const g = sde.diffusion(t);
      void oracle.evaluate({ x: points, times: new Float64Array(count).fill(t), count }, score);
      for (let i = 0; i < count; i++) out[i] = reverseFactor * g * g * score[i]! - out[i]!;
    },
    diffusion: (t) => sde.diffusion(t),
    // The score is steep at the start of the process.
    times: Float64Array.from({ length: STEPS + 1 }, (_, k) => sde.tMin + span * (1 - k / STEPS) * (1 - k / STEPS)),
    x,
    seed,
    run: 1,
  });
  const law = target.perturbed(1, 0);
  return {
    samples: x,
    test: {
      name: "reverse-samples",
      claim: `${count} samples of the reverse SDE, with the score of the solved density, return to the initial law (Kolmogorov–Smirnov)`,
      result: kolmogorovSmirnov(x, (value) => law.cdf!(value)),
      statement: 6,
    },
  };
}

/** The reverse-time equation with the score of the solved density, back at the initial law. */
export async function nonlinearReverseDensity(subject: NonlinearSubject): Promise<Check> {
  const { sde, target, finer, oracle, reverseFactor } = subject;
  const { grid } = finer;
  const run = await reverseFokkerPlanck({
    sde,
    score: (x, t) => reverseFactor * oracle.score(x, t),
    start: { edges: grid.edges, values: finer.densities[finer.densities.length - 1]! },
    times: [sde.tMin],
    estimateSpaceError: true,
  });
  const error = densityL1(grid, run.densities[1]!, cellAverages(grid, initialLaw(target)));
  const allowed = 2 * ((run.spaceError ?? 0) + (run.timeError ?? 0) + (finer.spaceError ?? 0) + (finer.timeError ?? 0));
  return atMost(error, allowed, {
    name: "reverse-density",
    statement: 6,
    claim: "the reverse SDE carries the end density back to the initial law (L1, no sampling)",
    reason: "twice the estimated errors in space and time of the run and of the density that gave the score",
  });
}

/** The flow dx/dt = f − ½g²s carries quantiles to quantiles. */
export async function nonlinearTransport(subject: NonlinearSubject): Promise<Check> {
  const { sde, target, finer, oracle, flowFactor } = subject;
  const law = target.perturbed(1, 0);
  const levels = Float64Array.from({ length: 19 }, (_, i) => (i + 1) / 20);
  const y0 = levels.map((u) => law.quantile!(u));
  const solved = await solveOde({
    f(t, y, out) {
      sde.drift(y, t, out);
      const g = sde.diffusion(t);
      for (let i = 0; i < y.length; i++) out[i] = out[i]! - 0.5 * flowFactor * g * g * oracle.score(y[i]!, t);
    },
    from: sde.tMin,
    to: sde.tMax,
    y0,
    method: "rk45",
    rtol: 1e-6,
    atol: 1e-8,
  });
  const cdf = densityCdf(finer, finer.densities.length - 1);
  const error = levels.reduce((most, u, i) => Math.max(most, Math.abs(cdf(solved.end[i]!) - u)), 0);
  return atMost(error, 2 * ((finer.spaceError ?? 0) + (finer.timeError ?? 0)) + 1e-5, {
    name: "transport",
    statement: 19,
    claim: "the probability flow keeps every quantile (largest change of the probability to the left)",
    reason:
      "twice the estimated error of the density in L1, which bounds its distribution function, and rk45's tolerance",
  });
}

/** Residual of the score equation for the score of the solved density. */
export async function nonlinearScore({
  sde,
  solution,
  finer,
  flowFactor,
  reverseFactor,
  oracle,
}: NonlinearSubject): Promise<Check> {
  const factor = flowFactor * reverseFactor;
  const k = Math.floor(finer.densities.length / 2);
  const quantile = densityQuantile(finer, k);
  const [low, high] = [quantile(0.01), quantile(0.99)];
  const x = Float64Array.from({ length: 41 }, (_, i) => low + ((high - low) * i) / 40);
  const span = sde.tMax - sde.tMin;
  const at = [0.2, 0.5, 0.8].map((share) => sde.tMin + share * span);
  const residualOf = async (source: { score(x: number, t: number): number }) => {
    const { largestResidual, largestTimeDerivative } = await scoreFpeResidual({
      sde,
      score: (place, t) => factor * source.score(place, t),
      x,
      times: at,
      spaceStep: (0.04 * (high - low)) / 4,
      timeStep: 0.003 * span,
    });
    const scale = largestTimeDerivative.reduce((most, value) => Math.max(most, value), 0);
    return largestResidual.reduce((most, value) => Math.max(most, value), 0) / scale;
  };
  const [fine, coarse] = [await residualOf(oracle), await residualOf(scoreFromDensity(solution))];
  return atMost(fine, 0.75 * coarse, {
    name: "score-equation",
    statement: 7,
    claim:
      "the score of the density solves the score equation, ever better as cells shrink (largest residual over |∂s/∂t|)",
    reason: "three quarters of the residual with cells twice as wide; order 2 leaves a quarter",
  });
}

function initialLaw(target: NonlinearSubject["target"]) {
  const law = target.perturbed(1, 0);
  return { cdf: (x: number) => law.cdf!(x), survival: (x: number) => law.survival!(x) };
}
