/** The stages with a coefficient other than zero, in order. */
export interface StageTerms {
  readonly stages: readonly number[];
  readonly coefficients: readonly number[];
}

/** Drops the zeros of a row of coefficients. */
export function stageTerms(row: readonly number[]): StageTerms {
  const stages = row.map((_, j) => j).filter((j) => row[j] !== 0);
  return { stages, coefficients: stages.map((j) => row[j]!) };
}

/**
 * out[i] = y[i] + h[i] Σⱼ cⱼ kⱼ[i] for i < n, summed from left to right.
 *
 * `out` may not be one of the inputs' buffers unless it is `y`.
 */
export function combineStages(
  out: Float64Array,
  y: Float64Array,
  h: Float64Array,
  { stages, coefficients }: StageTerms,
  k: readonly Float64Array[],
  n: number,
): void {
  const [c0 = 0, c1 = 0, c2 = 0, c3 = 0, c4 = 0, c5 = 0] = coefficients;
  const k0 = k[stages[0] ?? 0]!;
  const k1 = k[stages[1] ?? 0]!;
  const k2 = k[stages[2] ?? 0]!;
  const k3 = k[stages[3] ?? 0]!;
  const k4 = k[stages[4] ?? 0]!;
  const k5 = k[stages[5] ?? 0]!;
  switch (coefficients.length) {
    case 1:
      for (let i = 0; i < n; i++) out[i] = y[i]! + h[i]! * (c0 * k0[i]!);
      return;
    case 2:
      for (let i = 0; i < n; i++) out[i] = y[i]! + h[i]! * (c0 * k0[i]! + c1 * k1[i]!);
      return;
    case 3:
      for (let i = 0; i < n; i++) out[i] = y[i]! + h[i]! * (c0 * k0[i]! + c1 * k1[i]! + c2 * k2[i]!);
      return;
    case 4:
      for (let i = 0; i < n; i++) {
        out[i] = y[i]! + h[i]! * (c0 * k0[i]! + c1 * k1[i]! + c2 * k2[i]! + c3 * k3[i]!);
      }
      return;
    case 5:
      for (let i = 0; i < n; i++) {
        out[i] = y[i]! + h[i]! * (c0 * k0[i]! + c1 * k1[i]! + c2 * k2[i]! + c3 * k3[i]! + c4 * k4[i]!);
      }
      return;
    case 6:
      for (let i = 0; i < n; i++) {
        out[i] = y[i]! + h[i]! * (c0 * k0[i]! + c1 * k1[i]! + c2 * k2[i]! + c3 * k3[i]! + c4 * k4[i]! + c5 * k5[i]!);
      }
      return;
    default:
      for (let i = 0; i < n; i++) {
        let sum = 0;
        for (let j = 0; j < stages.length; j++) sum += coefficients[j]! * k[stages[j]!]![i]!;
        out[i] = y[i]! + h[i]! * sum;
      }
  }
}
