import { UsageError } from "../../solvers/errors.js";
import { cosinePath } from "./cosine.js";

/** Names of the β tables of the literature. */
export type BetaTableName = "linear" | "scaled-linear" | "cosine";

/** β from 1e-4 to 0.02, evenly spaced, for any count ≥ 2 (Ho et al. 2020, arXiv 2006.11239, §4, with 1000). */
export function linearBetas(count = 1000): Float64Array {
  return evenly("linear", count, 1e-4, 0.02);
}

/** √β from √0.00085 to √0.012, evenly spaced, for any count ≥ 2 (latent diffusion, Rombach et al. 2022, arXiv 2112.10752, code, with 1000). */
export function scaledLinearBetas(count = 1000): Float64Array {
  return evenly("scaled-linear", count, Math.sqrt(0.00085), Math.sqrt(0.012)).map((root) => root * root);
}

/** β_i = 1 − ᾱ(i + 1)/ᾱ(i) of the cosine path with offset 0.008, at most 0.999, for any count ≥ 2 (Nichol & Dhariwal 2021, arXiv 2102.09672, eq. 17). */
export function cosineBetas(count = 1000): Float64Array {
  requireCount("cosine", count);
  const path = cosinePath(0.008);
  return Float64Array.from({ length: count }, (_, i) => Math.min(path.lostSquare(i / count, (i + 1) / count), 0.999));
}

export const BETA_TABLES: Readonly<Record<BetaTableName, (count?: number) => Float64Array>> = {
  linear: linearBetas,
  "scaled-linear": scaledLinearBetas,
  cosine: cosineBetas,
};

function evenly(name: string, count: number, first: number, last: number): Float64Array {
  requireCount(name, count);
  return Float64Array.from({ length: count }, (_, i) => first + (last - first) * (i / (count - 1)));
}

function requireCount(name: string, count: number): void {
  if (Number.isInteger(count) && count >= 2 && count <= 1e6) return;
  throw new UsageError(
    `${name} betas: count must be an integer from 2 to 1000000, but got ${count} - the papers take 1000.`,
  );
}
