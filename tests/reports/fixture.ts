import type { ComparePanels, CompareResult, CompareRun, Estimate } from "../../src/experiments/compare-result.js";

interface Profile {
  readonly solver: string;
  readonly stochastic: boolean;
  readonly options?: Record<string, unknown>;
  readonly perStep: number;
  /** W2 = sqrt(Σ constant² · evaluations^(−2 order) + truncation²), the shape that fixed-grid solvers show. */
  readonly constant: number;
  readonly order: number;
  readonly hasExact: boolean;
  readonly evaluations: readonly number[];
  readonly secondsPerEvaluation: number;
}

const TRUNCATION = 0.00412;
const INITIALISATION = 0.0021;
export const FLOOR: Estimate = { value: 0.0213, standardError: 0.0014 };

const PROFILES: readonly Profile[] = [
  {
    solver: "em",
    stochastic: true,
    perStep: 1,
    constant: 6.4,
    order: 1,
    hasExact: true,
    evaluations: [10, 20, 50, 100, 200],
    secondsPerEvaluation: 0.0021,
  },
  {
    solver: "ddim",
    stochastic: false,
    perStep: 1,
    constant: 2.4,
    order: 1,
    hasExact: true,
    evaluations: [10, 20, 50, 100, 200],
    secondsPerEvaluation: 0.00153,
  },
  {
    solver: "ode-heun",
    stochastic: false,
    perStep: 2,
    constant: 31,
    order: 2,
    hasExact: true,
    evaluations: [10, 20, 50, 100, 200],
    secondsPerEvaluation: 0.00149,
  },
  {
    solver: "dpm++2m",
    stochastic: false,
    perStep: 1,
    constant: 11,
    order: 2,
    hasExact: true,
    evaluations: [10, 20, 50, 100, 200],
    secondsPerEvaluation: 0.00151,
  },
  {
    solver: "pc",
    stochastic: true,
    options: { snr: 0.1 },
    perStep: 2,
    constant: 9.7,
    order: 1,
    hasExact: false,
    evaluations: [20, 40, 100, 200],
    secondsPerEvaluation: 0.0024,
  },
  {
    solver: "edm-heun",
    stochastic: false,
    perStep: 2,
    constant: 17,
    order: 2,
    hasExact: true,
    evaluations: [9, 19, 49, 99, 199],
    secondsPerEvaluation: 0.00155,
  },
  {
    solver: "rk45",
    stochastic: false,
    perStep: 6,
    constant: 3000,
    order: 4,
    hasExact: true,
    evaluations: [26.4, 44.1, 80.7, 146.2],
    secondsPerEvaluation: 0.0032,
  },
];

/** A comparison with the shape of a real one, without running it. */
export function compareFixture(): CompareResult {
  return {
    schema: "score-sde/compare@1",
    stamp: {
      version: "0.1.0",
      node: "v20.20.2",
      cpu: "AMD EPYC 7B13",
      engine: "cpu",
      seed: 0,
      config: { sde: "vp", target: "trimodal", samples: 4096, repeats: 5 },
      argv: ["compare", "--sde", "vp", "--target", "trimodal", "--out", "results"],
      started: "2026-03-01T12:00:00.000Z",
      seconds: 9.31,
    },
    sde: { name: "vp", options: {} },
    target: { name: "trimodal", dimension: 1, options: {} },
    floor: { w2: FLOOR, w1: { value: 0.0142, standardError: 0.0009 } },
    runs: PROFILES.flatMap((profile, i) =>
      profile.evaluations.map((evaluations, j) => run(profile, evaluations, 7 * i + j)),
    ),
  };
}

function run(profile: Profile, evaluations: number, index: number): CompareRun {
  const discretisation = profile.constant * evaluations ** -profile.order;
  const w2 = Math.hypot(discretisation, TRUNCATION, INITIALISATION);
  const isAdaptive = profile.solver === "rk45";
  const steps = isAdaptive
    ? null
    : Math.round(evaluations / profile.perStep + (profile.solver === "edm-heun" ? 0.5 : 0));
  const seconds = evaluations * profile.secondsPerEvaluation * (1 + 0.04 * Math.sin(index));
  const standardError = FLOOR.standardError * (1 + 0.3 * Math.sin(3 * index)) + 0.01 * w2;
  return {
    solver: profile.solver,
    options: profile.options ?? {},
    stochastic: profile.stochastic,
    grid: isAdaptive ? null : profile.solver === "edm-heun" ? "karras" : "uniform",
    steps,
    rtol: isAdaptive ? [1e-2, 1e-3, 1e-4, 1e-6][index % 7]! : null,
    atol: isAdaptive ? 1e-6 : null,
    evaluations,
    accepted: isAdaptive ? Math.round(evaluations / 6.6) : null,
    rejected: isAdaptive ? 0.7 : null,
    samples: 4096,
    repeats: 5,
    status: "success",
    seconds,
    samplesPerSecond: (4096 * 5) / seconds,
    metrics: {
      w2: { value: Math.hypot(w2, FLOOR.value) + standardError * Math.sin(5 * index), standardError },
      w1: { value: 0.7 * Math.hypot(w2, FLOOR.value), standardError: 0.6 * standardError },
    },
    exact: profile.hasExact
      ? { w1: 0.71 * w2, w2, kl: isAdaptive ? null : 0.4 * w2 ** 2, tv: isAdaptive ? null : 0.3 * w2 }
      : null,
    budget: profile.hasExact
      ? { initialisation: INITIALISATION, discretisation, truncation: TRUNCATION, score: null }
      : null,
  };
}

const MODES = [
  { weight: 0.3, mean: -2, deviation: 0.35 },
  { weight: 0.45, mean: 0.2, deviation: 0.5 },
  { weight: 0.25, mean: 2.4, deviation: 0.25 },
];

function lattice(from: number, to: number, count: number): number[] {
  return Array.from({ length: count }, (_, i) => from + ((to - from) * i) / (count - 1));
}

function normalDensity(x: number, mean: number, deviation: number): number {
  return Math.exp(-0.5 * ((x - mean) / deviation) ** 2) / (deviation * Math.sqrt(2 * Math.PI));
}

/** Density of the trimodal law after a shrink and a widening, as a coarse sampler gives it. */
function density(x: number, widening = 0, shrink = 1): number {
  return MODES.reduce(
    (sum, { weight, mean, deviation }) =>
      sum + weight * normalDensity(x, shrink * mean, Math.hypot(deviation, widening)),
    0,
  );
}

/** Deterministic numbers in (0, 1), enough for pictures. */
function pseudoUniform(i: number): number {
  const product = Math.sin(12.9898 * (i + 1)) * 43758.5453;
  return product - Math.floor(product);
}

function pseudoNormal(i: number): number {
  return Math.sqrt(-2 * Math.log(1 - pseudoUniform(2 * i))) * Math.cos(2 * Math.PI * pseudoUniform(2 * i + 1));
}

function trimodalSample(i: number, widening: number): number {
  const u = pseudoUniform(31 * i + 7);
  const mode = u < 0.3 ? MODES[0]! : u < 0.75 ? MODES[1]! : MODES[2]!;
  return mode.mean + Math.hypot(mode.deviation, widening) * pseudoNormal(i + 999);
}

/** Panels of a 1-D comparison: laws for all solvers but `pc`, paths for three. */
export function panelsFixture(): ComparePanels {
  const x = lattice(-4.5, 4.5, 181);
  const times = lattice(1, 0.001, 60);
  return {
    truth: { dimension: 1, x, density: x.map((value) => density(value)) },
    samples: PROFILES.map(({ solver, hasExact, options }, i) => ({
      label: options === undefined ? solver : `${solver}:snr=0.1`,
      solver,
      evaluations: solver === "edm-heun" ? 19 : solver === "rk45" ? 26.4 : 20,
      dimension: 1,
      points: Float64Array.from({ length: 2000 }, (_, k) => trimodalSample(k + 5000 * i, 0.3)),
      ...(hasExact ? { law: { x, density: x.map((value) => density(value, 0.9 / (i + 1), 1 - 0.06 / (i + 1))) } } : {}),
    })),
    paths: ["em", "dpm++2m", "rk45"].map((solver, s) => ({
      label: solver,
      solver,
      times,
      states: Array.from({ length: 8 }, (_, k) => {
        let noise = 0;
        const end = trimodalSample(k + 40, 0);
        const start = pseudoNormal(77 + k);
        return times.map((t, j) => {
          if (s === 0) noise += 0.16 * pseudoNormal(60 * k + j);
          const alpha = 1 - t ** 0.7;
          return alpha * end + (1 - alpha) * start + noise * Math.sqrt(t * (1 - t) * 2);
        });
      }),
    })),
    marginals: {
      times,
      x,
      density: times.map((t) => {
        const alpha = Math.exp(-5 * t * t);
        const sigma = Math.sqrt(1 - alpha ** 2);
        return x.map((value) =>
          MODES.reduce(
            (sum, mode) =>
              sum + mode.weight * normalDensity(value, alpha * mode.mean, Math.hypot(alpha * mode.deviation, sigma)),
            0,
          ),
        );
      }),
    },
  };
}

/** Panels of a 2-D comparison on eight Gaussians. */
export function planePanelsFixture(): ComparePanels {
  const axis = lattice(-3.2, 3.2, 97);
  const centres = Array.from(
    { length: 8 },
    (_, k) => [2 * Math.cos((k * Math.PI) / 4), 2 * Math.sin((k * Math.PI) / 4)] as const,
  );
  const at = (px: number, py: number) =>
    centres.reduce((sum, [cx, cy]) => sum + normalDensity(px, cx, 0.2) * normalDensity(py, cy, 0.2), 0) / 8;
  return {
    truth: { dimension: 2, x: axis, y: axis, density: axis.map((py) => axis.map((px) => at(px, py))) },
    samples: PROFILES.map(({ solver, options }, i) => ({
      label: options === undefined ? solver : `${solver}:snr=0.1`,
      solver,
      evaluations: 20,
      dimension: 2,
      points: Float64Array.from({ length: 2 * 2500 }, (_, k) => {
        const row = Math.floor(k / 2);
        const [cx, cy] = centres[Math.floor(8 * pseudoUniform(row + 9000 * i))]!;
        return (k % 2 === 0 ? cx : cy) + Math.hypot(0.2, 0.3 / (i + 1)) * pseudoNormal(k + 20000 * (i + 1));
      }),
    })),
    paths: [],
  };
}
