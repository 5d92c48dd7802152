import { NoiseSlot } from "../noise/slots.js";
import { oneStepSolver } from "../one-step.js";
import type { StepContext } from "../step-context.js";
import type { GridStep, State } from "../types.js";

/**
 * What additive-noise schemes know of the Brownian path over a step of length h: W ~ N(0, h), and independent of it the space–time Lévy area
 * H = (1/h) ∫ (W_s − (s/h) W) ds ~ N(0, h/12).
 */
function increments<S extends State>(context: StepContext<S>, step: GridStep) {
  const h = step.t - step.u;
  return {
    h,
    w: { state: context.normal(step), scale: Math.sqrt(h) },
    area: { state: context.normal(step, NoiseSlot.AREA), scale: Math.sqrt(h / 12) },
  };
}

/** −f(t) and g(t)² of the reverse drift −f x + g² s in reversed time. */
function drift<S extends State>({ schedule }: StepContext<S>, t: number) {
  const g = schedule.diffusion(t);
  return { state: -schedule.driftCoefficient(t), score: g * g, g };
}

/**
 * SRA1 on the reverse SDE: with J = W/2 + H, X₂ = x + ¾ h F(x, t) + (3/2) g_t J and
 * x_u = x + h (⅓ F(x, t) + ⅔ F(X₂, t − ¾h)) + g_t J + g_u (W − J).
 *
 * Rößler's table has g_u in X₂; g_t, as in diffrax, changes a step by O(h^{5/2}) alone.
 */
export const sra1 = oneStepSolver({
  name: "sra1",
  summary: "SRA1: stochastic Runge–Kutta for additive noise",
  source: "Rößler 2010 (doi 10.1137/09076636X), scheme SRA1",
  stochastic: true,
  order: 2,
  strongOrder: 1.5,
  evaluationsPerStep: 2,
  options: {},
  step: () => async (context, x, step) => {
    const { t, u } = step;
    const { space } = context;
    const { h, w, area } = increments(context, step);
    const middle = t - 0.75 * h;
    const [first, second] = [drift(context, t), drift(context, middle)];
    const end = context.schedule.diffusion(u);
    const score1 = await context.score(x, t);
    const inner = space.combine(
      [1 + 0.75 * h * first.state, 0.75 * h * first.score, 0.75 * first.g * w.scale, 1.5 * first.g * area.scale],
      [x, score1, w.state, area.state],
    );
    const score2 = await context.score(inner, middle);
    const third = h / 3;
    return space.combine(
      [
        1 + third * first.state,
        third * first.score,
        2 * third * second.state,
        2 * third * second.score,
        0.5 * (first.g + end) * w.scale,
        (first.g - end) * area.scale,
      ],
      [x, score1, inner, score2, w.state, area.state],
    );
  },
});

/**
 * ShARK on the reverse SDE: X₁ = x + g_t H, X₂ = x + (5/6) h F(X₁, t) + g_t ((5/6) W + H) and
 * x_u = x + h (0.4 F(X₁, t) + 0.6 F(X₂, t − 5h/6)) + g_t W + (g_u − g_t)(W/2 − H).
 */
export const shark = oneStepSolver({
  name: "shark",
  summary: "ShARK: shifted additive-noise Runge–Kutta with space–time Lévy area",
  source: "Foster, dos Reis & Strange 2023 (arXiv 2210.17543) eq. 6.1",
  stochastic: true,
  order: 2,
  strongOrder: 1.5,
  evaluationsPerStep: 2,
  options: {},
  step: () => async (context, x, step) => {
    const { t, u } = step;
    const { space } = context;
    const { h, w, area } = increments(context, step);
    const late = (5 / 6) * h;
    const [first, second] = [drift(context, t), drift(context, t - late)];
    const change = context.schedule.diffusion(u) - first.g;
    const shifted = space.combine([1, first.g * area.scale], [x, area.state]);
    const score1 = await context.score(shifted, t);
    const inner = space.combine(
      [1, late * first.state, late * first.score, (5 / 6) * first.g * w.scale, first.g * area.scale],
      [x, shifted, score1, w.state, area.state],
    );
    const score2 = await context.score(inner, t - late);
    return space.combine(
      [
        1,
        0.4 * h * first.state,
        0.4 * h * first.score,
        0.6 * h * second.state,
        0.6 * h * second.score,
        (first.g + 0.5 * change) * w.scale,
        -change * area.scale,
      ],
      [x, shifted, score1, inner, score2, w.state, area.state],
    );
  },
});
