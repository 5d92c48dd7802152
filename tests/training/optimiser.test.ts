import { describe, expect, it } from "vitest";
import {
  averagingDecay,
  gradientNorm,
  initialState,
  learningRateAt,
  type OptimiserSettings,
  optimise,
} from "../../src/training/optimiser.js";

const SETTINGS: OptimiserSettings = {
  learningRate: 0.1,
  warmUp: 0,
  decay: "constant",
  betas: [0.9, 0.99],
  epsilon: 1e-8,
  weightDecay: 0,
  clip: Number.POSITIVE_INFINITY,
  average: 0.5,
};

describe("Adam", () => {
  it("is the algorithm of Kingma & Ba, with decoupled decay and the average of parameters", () => {
    const settings = { ...SETTINGS, weightDecay: 0.02, clip: 1.5 };
    const state = initialState(Float32Array.of(1, -2, 0.5));
    const theta = [1, -2, 0.5];
    const m = [0, 0, 0];
    const v = [0, 0, 0];
    const ema = [...theta];
    for (let step = 0; step < 20; step++) {
      const gradient = Float32Array.of(Math.fround(Math.sin(step)), Math.fround(2 * Math.cos(step)), 0.25);
      const norm = Math.hypot(...gradient);
      optimise(state, gradient, gradientNorm(gradient), step, 20, settings);
      for (let i = 0; i < 3; i++) {
        const g = gradient[i]! * Math.min(1, 1.5 / norm);
        m[i] = 0.9 * m[i]! + 0.1 * g;
        v[i] = 0.99 * v[i]! + 0.01 * g * g;
        const mHat = m[i]! / (1 - 0.9 ** (step + 1));
        const vHat = v[i]! / (1 - 0.99 ** (step + 1));
        theta[i] = theta[i]! - 0.1 * 0.02 * theta[i]! - (0.1 * mHat) / (Math.sqrt(vHat) + 1e-8);
        const keep = Math.min(0.5, (1 + step) / (10 + step));
        ema[i] = keep * ema[i]! + (1 - keep) * theta[i]!;
      }
    }
    // Parameters are rounded to float32 after each of 20 steps.
    for (let i = 0; i < 3; i++) {
      expect(Math.abs(state.parameters[i]! - theta[i]!)).toBeLessThan(20 * 2 ** -24 * 4);
      expect(Math.abs(state.average[i]! - ema[i]!)).toBeLessThan(20 * 2 ** -24 * 4);
    }
  });

  it("warms up linearly, and falls as a cosine to nothing", () => {
    const settings = { learningRate: 2, warmUp: 4, decay: "cosine" } as const;
    expect(learningRateAt({ ...settings, decay: "constant" }, 0, 100)).toBe(0.5);
    expect(learningRateAt({ ...settings, decay: "constant" }, 3, 100)).toBe(2);
    expect(learningRateAt(settings, 50, 100)).toBeCloseTo(1, 14);
    expect(learningRateAt(settings, 25, 100)).toBeCloseTo(1 + Math.SQRT1_2, 14);
    expect(learningRateAt(settings, 100, 100)).toBeCloseTo(0, 14);
  });

  it("averages little at first", () => {
    expect(averagingDecay(0.999, 0)).toBe(0.1);
    expect(averagingDecay(0.999, 90)).toBe(0.91);
    expect(averagingDecay(0.999, 1e6)).toBe(0.999);
  });
});
