import { ddim } from "../../../solvers/exponential/ddim.js";
import { ddpm } from "../../../solvers/exponential/ddpm.js";
import { exp } from "../../../solvers/math/elementary.js";
import { integerPower } from "../../../solvers/math/integer-power.js";
import type { FixedSolver } from "../../../solvers/types.js";
import { resolveGrid } from "../../sampling/resolve.js";
import { sample } from "../../sampling/sample.js";
import { atMost, type Check } from "../check.js";
import { ClosestCall } from "../closest-call.js";
import { denoisingError } from "../denoising-error.js";
import { varianceOf } from "../line-rule.js";
import { type Ledger, mmseOf, orLearned, ruleAt, type Setting, type Verification } from "./setting.js";
import { type SolverKernel, solverKernel } from "./solver-kernel.js";

const STEPS = 10;

/** What each step of DDIM, of DDPM and of DDPM with the best variance loses of the marginal variance, predicted and measured. */
export const varianceLedger: Verification = {
  name: "variance-ledger",
  statements: [14, 15],
  needsLine: true,
  async run(setting) {
    const checks: Check[] = [];
    const ledgers: Ledger[] = [];
    for (const [label, solver, fresh] of SOLVERS) {
      const rows = await ledgerOf(setting, solver, fresh);
      const loss = new ClosestCall();
      const repair = new ClosestCall();
      for (const { predicted, added, measured, variance, explained } of rows) {
        const allowed = 1e-9 + explained / variance;
        loss.add(Math.abs(predicted - measured) / variance, allowed);
        repair.add(Math.abs(added - measured) / variance, allowed);
      }
      checks.push(
        atMost(loss.figure, loss.tolerance, {
          name: `variance ${label}`,
          statement: 14,
          claim: `one step of ${label} loses variance α_u²(1 − √(1 − σ̃²)e^{−h})² mmse(t) (error over the variance, closest call of ${STEPS} steps)`,
          reason: `rounding of the trapezoidal rule${orLearned(setting.learned)}`,
        }),
      );
      checks.push(
        atMost(repair.figure, repair.tolerance, {
          name: `optimal-variance ${label}`,
          statement: 15,
          claim: `mmse(t) times the squared x̂₀-coefficient of ${label} pays the loss back (over the variance, closest call)`,
          reason: `rounding of the trapezoidal rule${orLearned(setting.learned)}`,
        }),
      );
      ledgers.push(ledger(label, label, rows, ({ predicted }) => predicted));
    }
    const best = await ledgerOf(setting, ddpm.create({ variance: "optimal" }), 1);
    const kept = new ClosestCall();
    for (const { measured, variance, explained } of best) {
      // A learned denoiser errs in the mean, and in the variance that makes up for it.
      kept.add(Math.abs(measured) / variance, 1e-9 + (2 * explained) / variance);
    }
    checks.push(
      atMost(kept.figure, kept.tolerance, {
        name: "variance ddpm:variance=optimal",
        statement: 15,
        claim: `one step of ddpm with the best Gaussian variance loses nothing (over the variance, closest call of ${STEPS} steps)`,
        reason: `rounding of the trapezoidal rule${orLearned(setting.learned)}`,
      }),
    );
    ledgers.push(ledger("ddpm-optimal", "ddpm:variance=optimal", best, () => 0));
    return { checks, ledgers };
  },
};

/** Name and solver, and σ̃² over 1 − e^{−2h}. */
const SOLVERS = [
  ["ddim", ddim.create(), 0],
  ["ddpm", ddpm.create(), 1],
] as const;

type Row = Awaited<ReturnType<typeof ledgerOf>>[number];

function ledger(name: string, label: string, rows: readonly Row[], lost: (row: Row) => number): Ledger {
  return {
    name: `variance-${name}`,
    title: `Variance that each step of ${label} loses, from the exact law`,
    columns: ["t", "u", "Var p_u", "lost, predicted", "lost, measured", "mmse(t)"],
    rows: rows.map((row) => [row.t, row.u, row.variance, lost(row), row.measured, row.mmse]),
    note: "The SDE's customary grid. The denoiser's mean stands in for x₀: what it does not know is missing from the next state.",
  };
}

async function ledgerOf(setting: Setting, solver: FixedSolver, share: number) {
  const { sde } = setting;
  const { times } = resolveGrid(sde, { steps: STEPS });
  const rows = [];
  for (let k = 0; k < STEPS; k++) {
    const [t, u] = [times[k]!, times[k + 1]!];
    const rule = ruleAt(setting, t);
    const mmse = mmseOf(setting, t, rule);
    const h = sde.logSnr(u) - sde.logSnr(t);
    // √(1 − σ̃²) with σ̃² = share · (1 − e^{−2h}).
    const kept = share === 1 ? exp(-h) : Math.sqrt(1 - share);
    const coefficient = sde.alpha(u) * (1 - kept * exp(-h));
    const variance = varianceOf(ruleAt(setting, u));
    const measured = variance - (await outputVariance(setting, solver, [t, u], rule));
    const kernel = await solverKernel(share === 1 ? ddpm.create() : solver, sde, t, u);
    rows.push({
      t,
      u,
      mmse,
      variance,
      measured,
      predicted: coefficient * coefficient * mmse,
      added: integerPower(kernel.data, 2) * mmse,
      explained: await explainedBy(setting, kernel, t, mmse),
    });
  }
  return rows;
}

/** Variance of the solver's step from the exact p_t: that of its mean, and its noise. */
async function outputVariance(
  { sde, model, target, isGiven }: Setting,
  solver: FixedSolver,
  times: readonly [number, number],
  rule: ReturnType<typeof ruleAt>,
): Promise<number> {
  const run = async (size: number) => {
    const { samples } = await sample({
      sde,
      model,
      solver,
      times,
      samples: rule.x.length,
      initial: rule.x,
      denoisingError: denoisingError(target, sde, isGiven ? model : undefined),
      noise: (_step, _slot, _first, _count, out) => {
        out.fill(size);
      },
    });
    return samples.data;
  };
  const [mean, shifted] = [await run(0), await run(1)];
  const middle = mean.length >> 1;
  const noise = shifted[middle]! - mean[middle]!;
  return varianceOf({ ...rule, x: mean }) + noise * noise;
}

/** Change of a step's variance that the error of a learned denoiser can make, by Cauchy–Schwarz. */
async function explainedBy(setting: Setting, kernel: SolverKernel, t: number, mmse: number): Promise<number> {
  const { sde, target, learned } = setting;
  if (learned === null) return 0;
  const [alpha, sigma, data] = [sde.alpha(t), sde.sigma(t), target.covariance[0]!];
  const error = ((sigma * sigma) / alpha) * (await learned.error(t));
  const known = Math.sqrt(Math.max(0, data - mmse));
  const state = Math.sqrt(alpha * alpha * data + sigma * sigma);
  const share = Math.abs(kernel.data) * error;
  return share * (2 * Math.abs(kernel.data) * known + share + 2 * Math.abs(kernel.state) * state);
}
