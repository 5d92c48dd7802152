import { readFileSync } from "node:fs";

type Line = {
  x: number[];
  y: number[];
  w1: number;
  w2: number;
  energy: number;
  energyUnbiased: number;
};
type Plane = {
  a: number[];
  b: number[];
  energyV: number;
  energyUnbiased: number;
  bandwidth: number;
  mmdV: number;
  mmdUnbiased: number;
  assignment: number;
};
type Gaussians = { m0: number[]; c0: number[]; m1: number[]; c1: number[]; w2: number; kl: number };
type Triple = [number, number, number];
type Octet = [number, number, number, number, number, number, number, number];

type Fixture = {
  student: Triple[];
  kolmogorov: Triple[];
  chiSquare: Triple[];
  line: Line;
  plane: Plane;
  law: { x: number[]; w1: number; w2: number }[];
  gaussians: Gaussians[];
  lineGaussians: Octet[];
  gap: { tv: number; kl: number; w1: number; w2: number };
};

/** Figures of SciPy and mpmath; `tests/fixtures/metrics.py` makes them. */
export const fixture: Fixture = JSON.parse(readFileSync(new URL("../fixtures/metrics.json", import.meta.url), "utf8"));
