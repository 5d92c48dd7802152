import { ddim } from "../../../solvers/exponential/ddim.js";
import { ddpm } from "../../../solvers/exponential/ddpm.js";
import { exp, expm1 } from "../../../solvers/math/elementary.js";
import type { FixedSolver } from "../../../solvers/types.js";
import { atMost, type Check } from "../check.js";
import { evenTimes } from "../probe-times.js";
import type { Setting, Verification } from "./setting.js";
import { type SolverKernel, solverKernel } from "./solver-kernel.js";

const KERNELS: readonly { readonly label: string; readonly solver: FixedSolver; readonly isPosterior: boolean }[] = [
  { label: "ddpm", solver: ddpm.create(), isPosterior: true },
  { label: "ddim:eta=1", solver: ddim.create({ eta: 1 }), isPosterior: true },
  { label: "ddim:eta=0.5", solver: ddim.create({ eta: 0.5 }), isPosterior: false },
  { label: "ddim", solver: ddim.create(), isPosterior: false },
];

/** The kernels of DDPM and DDIM, read off the solvers: they keep q(x_u | x₀), and DDPM's is the posterior of Bayes. */
export const kernels: Verification = {
  name: "kernels",
  statements: [4, 12, 13],
  needsLine: false,
  async run(setting) {
    const own = setting.solvers
      .filter(({ name, options: { variance } }) => {
        // Other variances belong to no kernel p(x_u | x_t, x₀).
        return (
          (name === "ddpm" || name === "ddim") && [undefined, "posterior", "kernel"].some((one) => one === variance)
        );
      })
      .map((solver) => ({ label: `your ${solver.name}`, solver, isPosterior: solver.name === "ddpm" }));
    const checks: Check[] = [];
    for (const { label, solver, isPosterior } of [...KERNELS, ...own]) {
      const steps = await kernelsOf(setting, solver);
      checks.push(consistency(setting, label, steps));
      if (isPosterior) checks.push(bayes(setting, label, steps), freshShare(setting, label, steps));
    }
    return { checks };
  },
};

interface KernelStep {
  readonly t: number;
  readonly u: number;
  readonly kernel: SolverKernel;
}

async function kernelsOf({ sde }: Setting, solver: FixedSolver): Promise<KernelStep[]> {
  const times = evenTimes(sde, 6);
  const steps: KernelStep[] = [];
  for (let k = 0; k + 1 < times.length; k++) {
    const [u, t] = [times[k]!, times[k + 1]!];
    steps.push({ t, u, kernel: await solverKernel(solver, sde, t, u) });
  }
  return steps;
}

/** ∫ p(x_u | x_t, x₀) p(x_t | x₀) dx_t = p(x_u | x₀): a α_t + b = α_u and a² σ_t² + c² = σ_u². */
function consistency({ sde }: Setting, label: string, steps: readonly KernelStep[]): Check {
  let worst = 0;
  for (const { t, u, kernel } of steps) {
    const { state, data, noise } = kernel;
    const mean = Math.abs((state * sde.alpha(t) + data) / sde.alpha(u) - 1);
    const variance = state * state * sde.sigma(t) * sde.sigma(t) + noise * noise;
    worst = Math.max(worst, mean, Math.abs(variance / (sde.sigma(u) * sde.sigma(u)) - 1));
  }
  return atMost(worst, 1e-11, {
    name: `kernel ${label}`,
    statement: 12,
    claim: `∫ p(x_u | x_t, x₀) p(x_t | x₀) dx_t = p(x_u | x₀) for the kernel of ${label} (relative error of mean and variance)`,
    reason: "rounding over the range of α and σ",
  });
}

/** The noise of DDPM is σ_u σ̃ with σ̃² = 1 − e^{−2h}; on a chain σ̃² = β_t/(1 − ᾱ_t). */
function freshShare({ sde }: Setting, label: string, steps: readonly KernelStep[]): Check {
  let worst = 0;
  for (const { t, u, kernel } of steps) {
    const h = sde.logSnr(u) - sde.logSnr(t);
    const [wanted, got] = [Math.sqrt(-expm1(-2 * h)), kernel.noise / sde.sigma(u)];
    const { variance } = sde.transition(u, t);
    // β_t/(1 − ᾱ_t) = v/σ_t² of the transition.
    const chained = Math.sqrt(variance) / sde.sigma(t);
    worst = Math.max(worst, Math.abs(got / wanted - 1), Math.abs(chained / wanted - 1));
  }
  return atMost(worst, 1e-9, {
    name: `noise ${label}`,
    statement: 13,
    claim: `${label} adds noise of deviation σ_u σ̃, σ̃ = √(1 − e^{−2h}) = √(β_t/(1 − ᾱ_t)): not σ̃ alone (relative)`,
    reason: "rounding of h over short and long steps",
  });
}

/** The kernel's moments against those of p(x_t | x_u) p(x_u | x₀) by quadrature over x_u. */
function bayes({ sde }: Setting, label: string, steps: readonly KernelStep[]): Check {
  let worst = 0;
  for (const { t, u, kernel } of steps) {
    const { scale, variance } = sde.transition(u, t);
    const [alpha, sigma] = [sde.alpha(u), sde.sigma(u)];
    for (const [x0, xt] of [
      [0.7, sde.alpha(t) * 0.7 + 0.4 * sde.sigma(t)],
      [-1.3, sde.alpha(t) * -1.3 - 1.1 * sde.sigma(t)],
    ] as const) {
      // The likelihood in x_u is centred at x_t/r with width √v/r.
      const width = Math.min(sigma, Math.sqrt(variance) / scale);
      const [a, b] = [alpha * x0, xt / scale];
      const reach = 12 * Math.max(sigma, 1e-300);
      let [mass, mean, square] = [0, 0, 0];
      const count = Math.min(200_000, Math.ceil((2 * reach) / (width / 8)));
      for (let i = 0; i <= count; i++) {
        const offset = -reach + (2 * reach * i) / count;
        const x = a + offset;
        const away = x - b;
        const weight = exp(
          -0.5 * ((offset * offset) / (sigma * sigma) + (away * away * scale * scale) / variance) +
            peak(a, b, sigma, scale, variance),
        );
        mass += weight;
        mean += weight * offset;
        square += weight * offset * offset;
      }
      mean /= mass;
      const spread = square / mass - mean * mean;
      const given = kernel.state * xt + kernel.data * x0 - a;
      worst = Math.max(worst, Math.abs(given - mean) / sigma, Math.abs(kernel.noise * kernel.noise - spread) / spread);
    }
  }
  return atMost(worst, 1e-7, {
    name: `bayes ${label}`,
    statement: 4,
    claim: `the kernel of ${label} is the posterior q(x_u | x_t, x₀) of Bayes' rule (mean over σ_u, variance relative)`,
    reason: "cancellation in the variance by quadrature",
  });
}

/** Exponent at the posterior's peak, taken out so that no weight underflows. */
function peak(a: number, b: number, sigma: number, scale: number, variance: number): number {
  const spread = sigma * sigma + variance / (scale * scale);
  return (0.5 * (a - b) * (a - b)) / spread;
}
