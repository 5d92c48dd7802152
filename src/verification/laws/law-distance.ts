import type { CellLaw } from "./cell-law.js";

/** W2 between two exact laws on the line: the L² distance of their quantile functions, which are linear cell by cell. */
export function lawDistance(a: CellLaw, b: CellLaw): number {
  const lower = oneSided(a.values, a.below, b.values, b.below);
  const upper = oneSided(reversed(a.values), reversed(a.above), reversed(b.values), reversed(b.above));
  return Math.sqrt(lower + upper);
}

/** ∫_0^½ (Q_a(u) − Q_b(u))² du, each Q given by (values, probabilities) with increasing probabilities. */
function oneSided(
  valuesA: Float64Array,
  probabilitiesA: Float64Array,
  valuesB: Float64Array,
  probabilitiesB: Float64Array,
): number {
  let total = 0;
  let u = 0;
  let gap = valuesA[0]! - valuesB[0]!;
  for (let i = 1, j = 1; u < 0.5 && i < valuesA.length && j < valuesB.length; ) {
    const next = Math.min(probabilitiesA[i]!, probabilitiesB[j]!, 0.5);
    const nextGap = quantileInCell(valuesA, probabilitiesA, i, next) - quantileInCell(valuesB, probabilitiesB, j, next);
    total += ((next - u) * (gap * gap + gap * nextGap + nextGap * nextGap)) / 3;
    u = next;
    gap = nextGap;
    if (probabilitiesA[i]! <= next) i++;
    if (j < valuesB.length && probabilitiesB[j]! <= next) j++;
  }
  return total;
}

function quantileInCell(values: Float64Array, probabilities: Float64Array, i: number, u: number): number {
  const width = probabilities[i]! - probabilities[i - 1]!;
  const share = width > 0 ? Math.min(1, Math.max(0, (u - probabilities[i - 1]!) / width)) : 1;
  return values[i - 1]! + share * (values[i]! - values[i - 1]!);
}

function reversed(values: Float64Array): Float64Array {
  return values.slice().reverse();
}
