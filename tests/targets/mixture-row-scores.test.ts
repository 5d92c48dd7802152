import { expect, it } from "vitest";
import { useKernels } from "../../solvers/index.js";
import { exactScore } from "../../src/scores/index.js";
import { vp } from "../../src/sdes/index.js";
import { empirical, mixture } from "../../src/targets/index.js";

const lines = {
  "three modes": mixture({ weights: [0.3, 0.5, 0.2], means: [-2, 0.5, 2], standardDeviations: [0.3, 0.4, 0.25] }),
  "very unlike widths": mixture({ weights: [1e-6, 1 - 1e-6], means: [0.1, 0], standardDeviations: [1e-5, 3] }),
};

const points = empirical(Array.from({ length: 37 }, (_, i) => [Math.sin(9 * i), Math.cos(5 * i)]));
const planes = {
  "two modes": mixture({
    weights: [0.4, 0.6],
    means: [
      [0, 1],
      [2, -1],
    ],
    standardDeviations: [0.1, 0.5],
  }),
  "points without a density": points,
  "very unlike widths": mixture({
    weights: [1e-6, 1 - 1e-6],
    means: [
      [0.1, 0],
      [0, 0],
    ],
    standardDeviations: [1e-5, 3],
  }),
};
const targets = Object.entries({ ...lines, ...planes }).flatMap(([name, target]) =>
  [true, false].map((withKernels) => ({
    name: `${name}${withKernels ? "" : ", without kernels"}`,
    target,
    withKernels,
  })),
);

it.each(targets)("$name: rows with times of their own, bit for bit as row by row", ({ target, withKernels }) => {
  const sde = vp();
  const { dimension } = target;
  const times = Float64Array.from({ length: 501 }, (_, i) => 1e-3 + (0.999 * i) / 500);
  // From far in both tails to the modes.
  const x = Float64Array.from({ length: dimension * times.length }, (_, i) => 40 * Math.sin(i * i) ** 5);
  const together = new Float64Array(x.length);
  useKernels(withKernels);
  try {
    exactScore(target, sde).evaluate({ x, times, count: times.length }, together);
  } finally {
    useKernels(true);
  }
  const alone = new Float64Array(x.length);
  for (const [i, t] of times.entries()) {
    const row = [i * dimension, (i + 1) * dimension] as const;
    target.perturbed(sde.alpha(t), sde.sigma(t)).score(x.subarray(...row), 1, alone.subarray(...row));
  }
  expect(together).toEqual(alone);
  expect(together.every(Number.isFinite)).toBe(true);
});

it("points without noise have no score, whatever the other rows", () => {
  const [x, out] = [new Float64Array(20), new Float64Array(20)];
  const sigmas = Float64Array.from({ length: 10 }, (_, i) => (i === 6 ? 0 : 1));
  expect(() => points.scoreRows!(x, new Float64Array(10).fill(1), sigmas, 10, out)).toThrow("choose sigma > 0");
});

it("rows of a plane, alone and together", () => {
  const target = mixture({
    weights: [0.4, 0.6],
    means: [
      [0, 1],
      [2, -1],
    ],
    standardDeviations: [0.1, 0.5],
  });
  const [model, sde] = [exactScore(target, vp()), vp()];
  const x = Float64Array.from({ length: 200 }, (_, i) => 3 * Math.sin(7 * i));
  const times = Float64Array.from({ length: 100 }, (_, i) => 0.01 * (1 + Math.floor(i / 3)));
  const out = new Float64Array(200);
  model.evaluate({ x, times, count: 100 }, out);
  for (let i = 0; i < 100; i++) {
    const own = new Float64Array(2);
    target.perturbed(sde.alpha(times[i]!), sde.sigma(times[i]!)).score(x.subarray(2 * i, 2 * i + 2), 1, own);
    expect([...out.subarray(2 * i, 2 * i + 2)]).toEqual([...own]);
  }
});

it("a narrow component counts where its exponent is small and its height is not", () => {
  // Densities at (r, 0): ½ e^{−r²/2s²}/(2πs²) and ½ e^{−r²/2}/(2π); r²/2s² = 53 lies below −50, yet the first outweighs by 1/s² = 1e14.
  const s = 1e-7;
  const r = s * Math.sqrt(106);
  const target = mixture({
    weights: [0.5, 0.5],
    means: [
      [0, 0],
      [0, 0],
    ],
    standardDeviations: [s, 1],
  });
  const out = new Float64Array(2);
  target.perturbed(1, 0).score(Float64Array.of(r, 0), 1, out);
  const share = Math.exp(-53) / (s * s);
  const expected = (-r * (share / (s * s) + Math.exp((-r * r) / 2))) / (share + Math.exp((-r * r) / 2));
  // e^−53 carries the rounding of r²/2s², 53 × 2⁻⁵² and a few more.
  expect(Math.abs(out[0]! / expected - 1)).toBeLessThan(1e-13);
});
