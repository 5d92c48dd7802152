import { describe, expect, it } from "vitest";
import { gaussian } from "../../../src/targets/index.js";
import { bernoulli } from "../../../src/verification/fokker-planck/bernoulli.js";
import type { Field } from "../../../src/verification/fokker-planck/field.js";
import { applyGenerator, scharfetterGummel, zeroGenerator } from "../../../src/verification/fokker-planck/generator.js";
import { GeneratorSource } from "../../../src/verification/fokker-planck/generator-source.js";
import { ImplicitSolve } from "../../../src/verification/fokker-planck/implicit-solve.js";
import { cellMasses } from "../../../src/verification/fokker-planck/line-law.js";
import { makeStep } from "../../../src/verification/fokker-planck/make-step.js";
import {
  equidistributedEdges,
  type Mesh,
  meshFromEdges,
  uniformMesh,
} from "../../../src/verification/fokker-planck/mesh.js";
import { GAUSSIAN_ROUGHNESS, roughness } from "../../../src/verification/fokker-planck/roughness.js";
import { uniformisation } from "../../../src/verification/fokker-planck/uniformisation.js";

const graded = () => meshFromEdges(equidistributedEdges(-8, 8, (x) => 0.02 + 0.03 * Math.abs(x - 1)));

function ornsteinUhlenbeck(mesh: Mesh, a: (x: number) => number = (x) => -x, d = 1) {
  const generator = zeroGenerator(mesh.widths.length);
  scharfetterGummel(mesh, mesh.faces.map(a), d, generator);
  return generator;
}

describe("Bernoulli function", () => {
  it("agrees with 40-digit values", () => {
    // mpmath, z/expm1(z) at 40 digits.
    const table = [
      [-50, 50],
      [-1, 1.5819767068693265],
      [-0.011, 1.0055100833129986],
      [-0.0099, 1.0049581674866583],
      [1e-12, 0.9999999999995],
      [0.005, 0.9975020833324653],
      [0.011, 0.9945100833129987],
      [3, 0.15718708947376786],
      [700, 6.90177358063184e-302],
    ] as const;
    for (const [z, wanted] of table) expect(Math.abs(bernoulli(z) / wanted - 1)).toBeLessThan(2e-15);
    expect(bernoulli(0)).toBe(1);
    expect(bernoulli(1e4)).toBe(0);
    expect(bernoulli(-1e4)).toBe(1e4);
  });

  it("is continuous where the series takes over", () => {
    for (const sign of [-1, 1]) {
      expect(Math.abs(bernoulli(sign * 0.01 * (1 - 1e-13)) / bernoulli(sign * 0.01 * (1 + 1e-13)) - 1)).toBeLessThan(
        2e-15,
      );
    }
  });
});

describe("Scharfetter–Gummel generator", () => {
  it("has exp(−x²/2) at the centres as its stationary state, on uniform and graded meshes", () => {
    for (const mesh of [uniformMesh(-8, 8, 300), graded()]) {
      const generator = ornsteinUhlenbeck(mesh);
      const masses = mesh.centres.map((x, i) => Math.exp(-0.5 * x * x) * mesh.widths[i]!);
      const change = new Float64Array(masses.length);
      applyGenerator(generator, masses, change);
      for (let i = 0; i < masses.length; i++) {
        const outflow = ((generator.up[i] ?? 0) + (generator.down[i - 1] ?? 0)) * masses[i]!;
        expect(Math.abs(change[i]!)).toBeLessThanOrEqual(1e-12 * outflow);
      }
      // One implicit Euler step of length 1e12 from anywhere ends there.
      const solve = new ImplicitSolve(masses.length);
      solve.factor(generator, 1e12);
      const state = new Float64Array(masses.length);
      state[10] = 1;
      for (let k = 0; k < 3; k++) solve.solve(state, state);
      const total = masses.reduce((a, b) => a + b, 0);
      for (let i = 0; i < masses.length; i++)
        expect(Math.abs((state[i]! * total) / masses[i]! - 1)).toBeLessThan(1e-10);
      expect(state.reduce((sum, mass, i) => sum + Math.abs(mass - masses[i]! / total), 0)).toBeLessThan(1e-12);
    }
  });

  it("keeps detailed balance up/down = e^w and upwinds as D → 0", () => {
    const mesh = uniformMesh(0, 1, 4);
    for (const [a, d] of [
      [3, 0.7],
      [-0.2, 2],
      [40, 1],
      [1e-7, 1],
    ] as const) {
      const { up, down } = ornsteinUhlenbeck(mesh, () => a, d);
      expect(Math.abs(Math.log(up[1]! / down[1]!) / ((a * 0.25) / d) - 1)).toBeLessThan(1e-8);
    }
    for (const d of [1e-12, 0]) {
      const { up, down } = ornsteinUhlenbeck(mesh, () => 3, d);
      expect(up[1]! * 0.25).toBeCloseTo(3, 10);
      expect(down[1]! * 0.25).toBeCloseTo(0, 10);
    }
  });

  it("satisfies the moment equations m′ = E a and (x²)′ = 2 E[x a] + 2D to order 2", () => {
    const errors = [400, 800, 1600].map((cells) => {
      const mesh = uniformMesh(-3.5, 3.5, cells);
      const a = (x: number) => x - x * x * x;
      const generator = ornsteinUhlenbeck(mesh, a, 0.3);
      const p = (x: number) => Math.exp(-2 * (x - 0.4) * (x - 0.4)) / Math.sqrt(0.5 * Math.PI);
      const masses = mesh.centres.map((x, i) => p(x) * mesh.widths[i]!);
      const change = new Float64Array(cells);
      applyGenerator(generator, masses, change);
      let first = 0;
      let second = 0;
      for (let i = 0; i < cells; i++) {
        const x = mesh.centres[i]!;
        first += x * change[i]! - a(x) * masses[i]!;
        second += x * x * change[i]! - (2 * x * a(x) + 0.6) * masses[i]!;
      }
      return [Math.abs(first), Math.abs(second)] as const;
    });
    for (const moment of [0, 1] as const) {
      expect(errors[0]![moment] / errors[1]![moment]).toBeGreaterThan(3.9);
      expect(errors[1]![moment] / errors[2]![moment]).toBeGreaterThan(3.9);
      expect(errors[2]![moment]).toBeLessThan(2e-4);
    }
  });
});

describe("implicit solve", () => {
  it("inverts I − θA with relative accuracy in every cell, however small", () => {
    const mesh = graded();
    const generator = ornsteinUhlenbeck(mesh);
    const cells = mesh.widths.length;
    const wanted = Float64Array.from(mesh.centres, (x) => Math.exp(-0.5 * x * x * 12));
    for (const theta of [1e-6, 0.1, 100]) {
      const change = new Float64Array(cells);
      applyGenerator(generator, wanted, change);
      const rhs = wanted.map((value, i) => value - theta * change[i]!);
      const solve = new ImplicitSolve(cells);
      solve.factor(generator, theta);
      const found = new Float64Array(cells);
      solve.solve(rhs, found);
      const scale = Math.max(...wanted);
      for (let i = 0; i < cells; i++)
        expect(Math.abs(found[i]! - wanted[i]!)).toBeLessThan(1e-12 * scale * (1 + theta));
    }
  });

  it("is positive and keeps the mass for any θ", () => {
    const mesh = uniformMesh(-8, 8, 500);
    const generator = ornsteinUhlenbeck(mesh);
    const state = new Float64Array(500);
    state[250] = 1;
    const solve = new ImplicitSolve(500);
    for (const theta of [1e-9, 1e-3, 1, 1e6]) {
      solve.factor(generator, theta);
      const out = new Float64Array(500);
      solve.solve(state, out);
      expect(Math.min(...out)).toBeGreaterThanOrEqual(0);
      expect(Math.abs(out.reduce((a, b) => a + b, 0) - 1)).toBeLessThan(1e-13);
    }
  });
});

describe("error estimates", () => {
  it("tell the error of one step in the limit of small steps", async () => {
    const mesh = uniformMesh(-6, 6, 60);
    const generator = ornsteinUhlenbeck(mesh);
    const field: Field = {
      constant: true,
      async at(_c, x, drift) {
        for (let i = 0; i < x.length; i++) drift[i] = -x[i]!;
        return 1;
      },
    };
    const start = mesh.centres.map((x) => 0.2 * Math.exp(-0.5 * (x - 1) * (x - 1)));
    for (const scheme of ["tr-bdf2", "crank-nicolson", "implicit-euler"] as const) {
      const step = makeStep(scheme, new GeneratorSource(mesh, field), true);
      const h = 0.005;
      await step.prepare(0, 1, h);
      const [out, exact] = [new Float64Array(60), new Float64Array(60)];
      step.apply(start, out);
      uniformisation(generator, h, start, exact);
      const error = out.reduce((sum, mass, i) => sum + Math.abs(mass - exact[i]!), 0);
      // The next order is h · (fastest rate felt by the state, about 10) smaller.
      expect(Math.abs(step.error() / error - 1)).toBeLessThan(0.1);
    }
  });
});

describe("cell masses of a law", () => {
  it("are as accurate in the right tail as in the left", () => {
    const law = gaussian({ mean: [0], standardDeviation: 1 }).perturbed(1, 0);
    const masses = cellMasses({ cdf: (x) => law.cdf!(x), survival: (x) => law.survival!(x) }, uniformMesh(-20, 20, 80));
    for (let i = 0; i < 40; i++) expect(Math.abs(masses[79 - i]! / masses[i]! - 1)).toBeLessThan(1e-13);
    expect(masses[0]!).toBeGreaterThan(0);
  });
});

describe("uniformisation", () => {
  it("is the exact exponential of two cells", () => {
    const generator = { up: Float64Array.of(2), down: Float64Array.of(0.5) };
    for (const tau of [1e-3, 0.7, 30, 1000]) {
      const out = new Float64Array(2);
      uniformisation(generator, tau, Float64Array.of(1, 0), out);
      const wanted = 0.2 + 0.8 * Math.exp(-2.5 * tau);
      // Rounding of one term in qτ.
      expect(Math.abs(out[0]! - wanted)).toBeLessThan(4e-16 * (4 + 2 * tau));
      expect(Math.abs(out[0]! + out[1]! - 1)).toBeLessThan(4e-16 * (4 + 2 * tau));
    }
  });

  it("has the semigroup property and stays positive", () => {
    const mesh = uniformMesh(-6, 6, 120);
    const generator = ornsteinUhlenbeck(mesh);
    const start = new Float64Array(120);
    start[20] = 1;
    const [half, whole, twice] = [new Float64Array(120), new Float64Array(120), new Float64Array(120)];
    uniformisation(generator, 1, start, whole);
    uniformisation(generator, 0.5, start, half);
    uniformisation(generator, 0.5, half, twice);
    for (let i = 0; i < 120; i++) {
      expect(Math.abs(twice[i]! - whole[i]!)).toBeLessThan(1e-14);
      expect(whole[i]!).toBeGreaterThanOrEqual(0);
    }
  });

  it("refuses what would take for ever", () => {
    const generator = { up: new Float64Array(99).fill(1e9), down: new Float64Array(99).fill(1e9) };
    expect(() => uniformisation(generator, 1, new Float64Array(100), new Float64Array(100))).toThrow(/tr-bdf2/);
  });
});

describe("roughness", () => {
  it("is 0.97 (h/s)² for a Gaussian", () => {
    const mesh = uniformMesh(-2, 2, 400);
    const s = 0.2;
    const masses = mesh.centres.map((x) => (Math.exp((-0.5 * x * x) / (s * s)) / (s * Math.sqrt(2 * Math.PI))) * 0.01);
    // Corrections of order (h/s)² = 2.5e-3.
    expect(Math.abs(roughness(mesh, masses) / (GAUSSIAN_ROUGHNESS * (0.01 / s) ** 2) - 1)).toBeLessThan(2.5e-3);
  });
});
