import { UsageError } from "../../solvers/errors.js";
import { exp } from "../../solvers/math/elementary.js";
import { integrate } from "../../solvers/math/quadrature.js";
import { type ChebyshevPanel, chebyshevPanel } from "./chebyshev-panel.js";

const MAX_PANELS = 4096;

/** ln α and σ² of dx = f(t) x dt + g(t) dw started at t = 0 with α = 1, σ = 0. */
export interface IntegratedKernel {
  /** ∫_0^t f. */
  logAlpha(t: number): number;
  /** ∫_0^t g(u)² (α(t)/α(u))² du. */
  variance(t: number): number;
}

interface Piece {
  readonly logAlpha: ChebyshevPanel;
  /** ∫_from^t g(u)² (α(from)/α(u))² du. */
  readonly noise: ChebyshevPanel;
  readonly logAlphaStart: number;
  readonly varianceStart: number;
}

/**
 * Integrates f and g² once over [0, tMax] into panels of Chebyshev series, graded towards tMin so that σ² is accurate relative to itself.
 *
 * Relative error of α and σ below 1e-13 for formulas that are smooth between a few kinks; times in [0, tMin) are integrated on demand.
 *
 * @throws UsageError when f or g² cannot be integrated from t = 0.
 */
export function integrateKernel(
  name: string,
  driftCoefficient: (t: number) => number,
  squaredDiffusion: (t: number) => number,
  tMin: number,
  tMax: number,
): IntegratedKernel {
  const early = earlyKernel(name, driftCoefficient, squaredDiffusion);
  const pieces: Piece[] = [];
  let logAlphaStart = early.logAlpha(tMin);
  let varianceStart = early.variance(tMin);
  // Panels still to be built, the leftmost on top.
  const ends = [tMax];
  let from = tMin;
  for (let to = ends.pop(); to !== undefined; to = ends.pop()) {
    const piece = buildPiece(driftCoefficient, squaredDiffusion, from, to, logAlphaStart, varianceStart);
    const middle = from + 0.5 * (to - from);
    if (piece === undefined && middle > from && middle < to && to - from > 2 ** -50 * tMax) {
      ends.push(to, middle);
      if (ends.length + pieces.length > MAX_PANELS) {
        throw new UsageError(
          `${name}: drift and diffusion must be smooth between a few kinks and of moderate size, but ${MAX_PANELS} panels do not resolve them near t = ${middle} - simplify the formulas or end earlier.`,
        );
      }
      continue;
    }
    const accepted = piece ?? rawPiece(driftCoefficient, squaredDiffusion, from, to, logAlphaStart, varianceStart);
    pieces.push(accepted);
    logAlphaStart += accepted.logAlpha.total;
    varianceStart = exp(2 * accepted.logAlpha.total) * (varianceStart + accepted.noise.total);
    from = to;
  }

  function pieceAt(t: number): Piece {
    let low = 0;
    let high = pieces.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (pieces[middle]!.logAlpha.from <= t) low = middle;
      else high = middle - 1;
    }
    return pieces[low]!;
  }

  return {
    logAlpha(t) {
      if (t < tMin) return early.logAlpha(t);
      const piece = pieceAt(t);
      return piece.logAlphaStart + piece.logAlpha.at(t);
    },
    variance(t) {
      if (t < tMin) return early.variance(t);
      const piece = pieceAt(t);
      return exp(2 * piece.logAlpha.at(t)) * (piece.varianceStart + piece.noise.at(t));
    },
  };
}

/** The panel [from, to], or undefined when 16 points do not resolve it. */
function buildPiece(
  driftCoefficient: (t: number) => number,
  squaredDiffusion: (t: number) => number,
  from: number,
  to: number,
  logAlphaStart: number,
  varianceStart: number,
): Piece | undefined {
  const piece = rawPiece(driftCoefficient, squaredDiffusion, from, to, logAlphaStart, varianceStart);
  const { logAlpha, noise } = piece;
  const isResolved =
    logAlpha.error <= 1e-15 * Math.max(1, Math.abs(logAlpha.total)) &&
    noise.error <= 1e-15 * (varianceStart + noise.total) &&
    // A series is accurate relative to its largest value: no panel may outgrow what it starts from.
    (noise.total <= 3 * varianceStart || varianceStart === 0);
  return isResolved ? piece : undefined;
}

function rawPiece(
  driftCoefficient: (t: number) => number,
  squaredDiffusion: (t: number) => number,
  from: number,
  to: number,
  logAlphaStart: number,
  varianceStart: number,
): Piece {
  const logAlpha = chebyshevPanel(driftCoefficient, from, to);
  const noise = chebyshevPanel((t) => squaredDiffusion(t) * exp(-2 * logAlpha.at(t)), from, to);
  return { logAlpha, noise, logAlphaStart, varianceStart };
}

/** The same integrals by adaptive quadrature from t = 0, for times before the panels. */
function earlyKernel(
  name: string,
  driftCoefficient: (t: number) => number,
  squaredDiffusion: (t: number) => number,
): IntegratedKernel {
  const explain = <T>(work: () => T): T => {
    try {
      return work();
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      throw new UsageError(
        `${name}: drift and diffusion must be integrable from t = 0, but: ${error.message} Give alpha and sigma instead.`,
        { cause: error },
      );
    }
  };
  const between = (from: number, to: number) => integrate(driftCoefficient, from, to);
  return {
    logAlpha: (t) => explain(() => between(0, t)),
    variance: (t) => explain(() => integrate((u) => squaredDiffusion(u) * exp(2 * between(u, t)), 0, t)),
  };
}
