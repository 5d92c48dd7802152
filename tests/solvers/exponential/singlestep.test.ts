import { expect, it } from "vitest";
import { findGrid } from "../../../solvers/index.js";
import { NoiseSlot } from "../../../solvers/noise/slots.js";
import { edm } from "../../../src/sdes/index.js";
import { batchRun, noiseOf, normalScore } from "../batch-run.js";

/** The samplers in σ with α = 1, as k-diffusion lists them, on known noise. */
const sde = edm();
const steps = 12;
const start = Float64Array.of(-2.1, -0.4, 0.2, 0.9, 1.8).map((x) => 80 * x);
const denoise = (x: number, sigma: number) => (0.25 * x + sigma ** 2 * 0.7) / (0.25 + sigma ** 2);
const slope = (x: number, sigma: number) => (x - denoise(x, sigma)) / sigma;

interface Interval {
  readonly from: number;
  readonly to: number;
  readonly x: number;
  readonly z1: number;
  readonly z2: number;
}

async function compare(spec: string, rule: (interval: Interval) => number): Promise<void> {
  const { times } = findGrid("karras").create(sde, steps);
  const end = await batchRun(sde, normalScore(sde, 0.7, 0.25), spec, steps, start, "karras");
  const x = Float64Array.from(start);
  for (let n = 0; n < steps; n++) {
    const z1 = noiseOf(n, NoiseSlot.PREDICTOR, x.length);
    const z2 = noiseOf(n, NoiseSlot.SECOND_HALF, x.length);
    for (let i = 0; i < x.length; i++) {
      x[i] = rule({ from: times[n]!, to: times[n + 1]!, x: x[i]!, z1: z1[i]!, z2: z2[i]! });
    }
  }
  // Maps of at most 80 units at the start, rounded differently.
  for (const [i, value] of end.entries()) expect(Math.abs(value - x[i]!)).toBeLessThan(2e-12 * 80);
}

/** get_ancestral_step. */
function split(from: number, to: number, eta: number) {
  const up = Math.min(to, eta * Math.sqrt((to ** 2 * (from ** 2 - to ** 2)) / from ** 2));
  return { up, down: Math.sqrt(to ** 2 - up ** 2) };
}

it.each([0, 0.6, 1])("dpm2:eta=%d is sample_dpm_2_ancestral", (eta) =>
  compare(`dpm2:eta=${eta}`, ({ from, to, x, z1 }) => {
    const { up, down } = split(from, to, eta);
    const middle = Math.exp((Math.log(from) + Math.log(down)) / 2);
    const inside = x + slope(x, from) * (middle - from);
    return x + slope(inside, middle) * (down - from) + up * z1;
  }),
);

it.each([0, 0.6, 1])("dpm++2s:eta=%d,variant=ancestral is sample_dpmpp_2s_ancestral", (eta) =>
  compare(`dpm++2s:eta=${eta},variant=ancestral`, ({ from, to, x, z1 }) => {
    const { up, down } = split(from, to, eta);
    const h = Math.log(from / down);
    const middle = from * Math.exp(-h / 2);
    const inside = (middle / from) * x - Math.expm1(-h / 2) * denoise(x, from);
    return (down / from) * x - Math.expm1(-h) * denoise(inside, middle) + up * z1;
  }),
);

it("dpm++2s:eta=1 is sample_dpmpp_sde, its noise of the whole step that of the half carried on", () =>
  compare("dpm++2s:eta=1", ({ from, to, x, z1, z2 }) => {
    const middle = Math.sqrt(from * to);
    const half = split(from, middle, 1);
    const whole = split(from, to, 1);
    const inside = (half.down / from) * x + (1 - half.down / from) * denoise(x, from) + half.up * z1;
    // At η = 1 what is old shrinks by (to/middle)² from the middle on.
    const carried = (to / middle) ** 2 * half.up;
    const noise = carried * z1 + Math.sqrt(whole.up ** 2 - carried ** 2) * z2;
    return (whole.down / from) * x + (1 - whole.down / from) * denoise(inside, middle) + noise;
  }));

it("dpm3 is DPM-Solver-3 of the paper", () =>
  compare("dpm3", ({ from, to, x }) => {
    const h = Math.log(from / to);
    const [s1, s2] = [from * Math.exp(-h / 3), from * Math.exp((-2 * h) / 3)];
    const e = slope(x, from);
    const x1 = x - s1 * Math.expm1(h / 3) * e;
    const d1 = slope(x1, s1) - e;
    const x2 = x - s2 * Math.expm1((2 * h) / 3) * e - 2 * s2 * (Math.expm1((2 * h) / 3) / ((2 * h) / 3) - 1) * d1;
    const d2 = slope(x2, s2) - e;
    return x - to * Math.expm1(h) * e - 1.5 * to * (Math.expm1(h) / h - 1) * d2;
  }));
