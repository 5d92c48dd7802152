import { cos, exp, sin } from "../../../solvers/math/elementary.js";
import { numberOption } from "../../../solvers/options.js";
import { boxTarget } from "../boxes.js";
import { type PlaneCurve, type PlanePoint, pointsAlong, RIDGE_SPACING } from "./curve.js";
import { defineToy } from "./definition.js";
import { planeMixture, weightedPlaneMixture } from "./plane-mixture.js";

const thickness = (initial: number) =>
  numberOption(initial, "standard deviation across the curve", { min: 0.01, max: 10 });

const range = (count: number) => Array.from({ length: count }, (_, i) => i);

/** The laws in the plane. */
export const PLANE_TOYS = [
  defineToy(
    {
      name: "eight-gaussians",
      dimension: 2,
      summary: "eight round Gaussians on a circle",
      options: {
        radius: numberOption(3, "of the circle", { above: 0 }),
        standardDeviation: numberOption(0.3, "of each Gaussian", { above: 0 }),
      },
    },
    (options) => {
      const centre = (i: number): PlanePoint => [
        options.radius * cos((i * Math.PI) / 4),
        options.radius * sin((i * Math.PI) / 4),
      ];
      return planeMixture(
        "eight-gaussians",
        options,
        range(8).map((i) => [centre(i)]),
        options.standardDeviation,
      );
    },
  ),
  defineToy(
    {
      name: "grid-25",
      dimension: 2,
      summary: "25 narrow Gaussians on a 5 × 5 grid",
      options: {
        spacing: numberOption(1, "of the grid", { above: 0 }),
        standardDeviation: numberOption(0.08, "of each Gaussian", { above: 0 }),
      },
    },
    (options) => {
      const centre = (i: number): PlanePoint => [
        options.spacing * ((i % 5) - 2),
        options.spacing * (Math.floor(i / 5) - 2),
      ];
      return planeMixture(
        "grid-25",
        options,
        range(25).map((i) => [centre(i)]),
        options.standardDeviation,
      );
    },
  ),
  defineToy(
    {
      name: "two-moons",
      dimension: 2,
      summary: "two interleaved half circles, a mode each",
      options: { standardDeviation: thickness(0.12) },
    },
    (options) => {
      const moon = (sign: number): PlaneCurve => ({
        from: 0,
        to: Math.PI,
        at: (angle) => [1.5 * sign * (cos(angle) - 0.5), 1.5 * sign * (sin(angle) - 0.25)],
      });
      const spacing = RIDGE_SPACING * options.standardDeviation;
      return planeMixture(
        "two-moons",
        options,
        [pointsAlong(moon(1), spacing), pointsAlong(moon(-1), spacing)],
        options.standardDeviation,
      );
    },
  ),
  defineToy(
    {
      name: "checkerboard",
      dimension: 2,
      summary: "uniform on the eight dark squares of a 4 × 4 board: edges and corners",
      options: { side: numberOption(1, "length of a square's side", { above: 0 }) },
    },
    (options) => {
      const from = Float64Array.from(range(4), (i) => options.side * (i - 2));
      const to = Float64Array.from(range(4), (i) => options.side * (i - 1));
      const dark = range(16).filter((i) => (Math.floor(i / 4) + i) % 2 === 0);
      return boxTarget("checkerboard", options, {
        dimension: 2,
        count: dark.length,
        weights: new Float64Array(dark.length).fill(1 / dark.length),
        sides: [
          { from, to },
          { from, to },
        ],
        sideOf: Int32Array.from(dark.flatMap((i) => [i % 4, Math.floor(i / 4)])),
      });
    },
  ),
  defineToy(
    {
      name: "swiss-roll",
      dimension: 2,
      summary: "one spiral band, one and a half turns",
      options: { standardDeviation: thickness(0.12) },
    },
    (options) => {
      const roll: PlaneCurve = {
        from: 1.5 * Math.PI,
        to: 4.5 * Math.PI,
        at: (angle) => [(angle * cos(angle)) / 5, (angle * sin(angle)) / 5],
      };
      const points = pointsAlong(roll, RIDGE_SPACING * options.standardDeviation);
      return planeMixture("swiss-roll", options, [points], options.standardDeviation);
    },
  ),
  defineToy(
    {
      name: "pinwheel",
      dimension: 2,
      summary: "bent arms around the origin, a mode each",
      options: {
        arms: numberOption(5, "number of arms", { integer: true, min: 1, max: 50 }),
        standardDeviation: thickness(0.15),
      },
    },
    (options) => {
      // An arm's radius has the law N(2, 0.6²), cut at three standard deviations; its angle grows by 0.25 exp(radius/2).
      const steps = Math.ceil(3.6 / (RIDGE_SPACING * options.standardDeviation));
      const arms = range(options.arms).map((arm) =>
        range(steps).map((i): PlanePoint => {
          const radius = 0.2 + (3.6 * (i + 0.5)) / steps;
          const angle = (2 * Math.PI * arm) / options.arms + 0.25 * exp(0.5 * radius);
          return [radius * cos(angle), radius * sin(angle)];
        }),
      );
      const profile = range(steps).map((i) => {
        const z = (0.2 + (3.6 * (i + 0.5)) / steps - 2) / 0.6;
        return exp(-0.5 * z * z);
      });
      const total = profile.reduce((sum, value) => sum + value, 0) * options.arms;
      const weights = arms.flatMap(() => profile.map((value) => value / total));
      return weightedPlaneMixture("pinwheel", options, arms.flat(), weights, arms, options.standardDeviation);
    },
  ),
  defineToy(
    {
      name: "rings",
      dimension: 2,
      summary: "three concentric rings of equal weight, a mode each",
      options: { standardDeviation: thickness(0.12) },
    },
    (options) => {
      const ring = (radius: number): PlaneCurve => ({
        from: 0,
        to: 2 * Math.PI,
        at: (angle) => [radius * cos(angle), radius * sin(angle)],
      });
      const spacing = RIDGE_SPACING * options.standardDeviation;
      return planeMixture(
        "rings",
        options,
        [1, 2, 3].map((radius) => pointsAlong(ring(radius), spacing)),
        options.standardDeviation,
      );
    },
  ),
  defineToy(
    {
      name: "two-spirals",
      dimension: 2,
      summary: "two interleaved spirals of one and a half turns, a mode each",
      options: { standardDeviation: thickness(0.12) },
    },
    (options) => {
      const spiral = (sign: number): PlaneCurve => ({
        from: 0.25 * Math.PI,
        to: 3 * Math.PI,
        at: (angle) => [(-sign * angle * cos(angle)) / 3, (sign * angle * sin(angle)) / 3],
      });
      const spacing = RIDGE_SPACING * options.standardDeviation;
      return planeMixture(
        "two-spirals",
        options,
        [pointsAlong(spiral(1), spacing), pointsAlong(spiral(-1), spacing)],
        options.standardDeviation,
      );
    },
  ),
] as const;
