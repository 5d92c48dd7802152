import { describe, expect, it } from "vitest";
import { encode } from "../../src/sampling/encode.js";
import { interpolate } from "../../src/sampling/interpolate.js";
import { sample } from "../../src/sampling/sample.js";
import { exactScore } from "../../src/scores/exact-score.js";
import { edm, ve, vp } from "../../src/sdes/index.js";
import { gaussian, mixture, toy } from "../../src/targets/index.js";
import { exactTransport } from "../../src/verification/exact-transport.js";

const trimodal = mixture({ weights: [0.3, 0.5, 0.2], means: [-2, 0.5, 2], standardDeviations: [0.3, 0.4, 0.25] });
const plane = gaussian({
  mean: [0.3, -1],
  covariance: [
    [1.2, 0.5],
    [0.5, 0.8],
  ],
});
const difference = (a: Float64Array, b: Float64Array) => Math.max(...a.map((value, i) => Math.abs(value - b[i]!)));

describe("encode", () => {
  for (const sde of [vp(), ve(), edm()]) {
    for (const target of [trimodal, plane]) {
      for (const variable of ["t", "rho"] as const) {
        it(`${target.name} under ${sde.name} in ${variable} follows the exact flow`, async () => {
          const points = target.sample({ count: 32, seed: 2 }).data;
          const tolerance = 1e-7;
          const model = exactScore(target, sde);
          const { latents, status, perSample } = await encode({
            sde,
            model,
            points,
            rtol: tolerance,
            atol: tolerance,
            variable,
          });
          expect(status).toBe("success");
          const exact = exactTransport(target, sde, sde.tMin, sde.tMax)!(points);
          const steps = Math.max(...perSample.accepted!);
          // tol (1 + |x|) a step in the unknown (x/α in ρ), spread on by the flow: latents lie within 4 prior deviations, and errors made
          // at scale s grow to priorDeviation / s at the end; the smallest scale is the data's, 0.25.
          const growth = sde.priorStandardDeviation / 0.25;
          expect(difference(latents.data, exact)).toBeLessThan(steps * tolerance * (1 + 4 * growth));
        });
      }
    }
  }

  it("comes back: data → noise → data", async () => {
    const sde = vp();
    const target = toy("two-moons");
    const model = exactScore(target, sde);
    const points = target.sample({ count: 64, seed: 4 }).data;
    const errors: number[] = [];
    for (const tolerance of [1e-4, 1e-7, 1e-10]) {
      const settings = { sde, model, rtol: tolerance, atol: tolerance };
      const { latents } = await encode({ ...settings, points });
      const back = await sample({ ...settings, solver: "rk45", samples: 64, initial: latents });
      const steps = Math.max(...back.perSample.accepted!);
      errors.push(difference(back.samples.data, points));
      // Both ways of `steps` steps; between the moons the flow parts neighbours: the Jacobian of the way back is below 50 there.
      expect(errors.at(-1)!).toBeLessThan(2 * steps * tolerance * 50);
    }
    expect(errors[2]!).toBeLessThan(errors[0]! * 1e-4);
  });

  it("gives every point its own steps, whatever the batch", async () => {
    const sde = vp();
    const model = exactScore(trimodal, sde);
    const points = trimodal.sample({ count: 10, seed: 2 }).data;
    const whole = await encode({ sde, model, points });
    const split = await encode({ sde, model, points, batchSize: 3 });
    expect(split.latents.data).toEqual(whole.latents.data);
    expect(split.evaluations).toBe(whole.evaluations);
  });

  it("refuses solvers on a grid and broken points", async () => {
    const sde = vp();
    const model = exactScore(trimodal, sde);
    await expect(encode({ sde, model, points: Float64Array.of(1), solver: "ddim" })).rejects.toThrow(
      /must be adaptive/,
    );
    await expect(encode({ sde, model, points: Float64Array.of(Number.NaN) })).rejects.toThrow(/points: must be finite/);
    await expect(encode({ sde, model, points: new Float64Array(0) })).rejects.toThrow(/at least one/);
    await expect(encode({ sde, model, points: Float64Array.of(1e200) })).rejects.toThrow(/overflows/);
  });
});

describe("interpolate", () => {
  const sde = vp();
  const model = exactScore(plane, sde);
  const [from, to] = [Float64Array.of(1, 0), Float64Array.of(-1, -2)];
  const settings = { sde, model, from, to, rtol: 1e-8, atol: 1e-8 } as const;

  it("begins and ends where it should, on an arc or a line", async () => {
    for (const kind of ["spherical", "linear"] as const) {
      const { samples, latents, weights, status } = await interpolate({ ...settings, count: 5, kind });
      expect(status).toBe("success");
      expect([...weights]).toEqual([0, 0.25, 0.5, 0.75, 1]);
      expect(samples.shape).toEqual([5, 2]);
      // 2 × 60 steps of 1e-8, growth 4 as above.
      expect(difference(samples.data.subarray(0, 2), from)).toBeLessThan(5e-6);
      expect(difference(samples.data.subarray(8), to)).toBeLessThan(5e-6);
      if (kind === "linear") {
        const middle = latents.data.subarray(4, 6);
        expect(
          difference(
            middle,
            Float64Array.of(latents.get(0, 0) + latents.get(4, 0), latents.get(0, 1) + latents.get(4, 1)).map(
              (v) => v / 2,
            ),
          ),
        ).toBeLessThan(1e-14);
      } else {
        // Shoemake's formula turns at constant speed: equal angles between neighbours once the lengths are divided out.
        const z = (row: number) => [latents.get(row, 0), latents.get(row, 1)] as const;
        const a = Math.hypot(...z(0));
        const b = Math.hypot(...z(4));
        const angle = Math.acos((z(0)[0] * z(4)[0] + z(0)[1] * z(4)[1]) / (a * b));
        for (const row of [1, 2, 3]) {
          const [p, q] = [
            Math.sin((1 - row / 4) * angle) / Math.sin(angle),
            Math.sin((row / 4) * angle) / Math.sin(angle),
          ];
          expect(latents.get(row, 0)).toBeCloseTo(p * z(0)[0] + q * z(4)[0], 12);
          expect(latents.get(row, 1)).toBeCloseTo(p * z(0)[1] + q * z(4)[1], 12);
        }
      }
    }
  });

  it("keeps the length of latents of equal length on an arc", async () => {
    const round = gaussian({ mean: [0, 0, 0], standardDeviation: 0.5 });
    const { latents } = await interpolate({
      sde,
      model: exactScore(round, sde),
      from: [0.5, 0, 0],
      to: [0, 0.3, 0.4],
      count: 4,
      rtol: 1e-9,
      atol: 1e-9,
    });
    const lengths = [0, 1, 2, 3].map((row) =>
      Math.hypot(latents.get(row, 0), latents.get(row, 1), latents.get(row, 2)),
    );
    for (const length of lengths) expect(length).toBeCloseTo(lengths[0]!, 6);
  });

  it("refuses what has no arc or no length", async () => {
    const line = { sde, model: exactScore(trimodal, sde), from: [-2], to: [2] };
    expect((await interpolate({ ...line, count: 3 })).status).toBe("success");
    await expect(interpolate({ ...line, count: 3, kind: "spherical" })).rejects.toThrow(/opposite latents/);
    await expect(interpolate({ ...settings, count: 1 })).rejects.toThrow(/count/);
    await expect(interpolate({ ...settings, count: 3, from: [1] })).rejects.toThrow(/from: must hold 2 numbers/);
  });
});
