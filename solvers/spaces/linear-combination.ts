/** out = Σ coefficients[k] states[k], summed in the order given; `out` may be one of the states. */
export function linearCombination(
  coefficients: readonly number[],
  states: readonly Float64Array[],
  out: Float64Array,
): Float64Array {
  const length = out.length;
  const [c0 = 0, c1 = 0, c2 = 0, c3 = 0, c4 = 0] = coefficients;
  const [s0 = out, s1 = out, s2 = out, s3 = out, s4 = out] = states;
  switch (states.length) {
    case 1:
      for (let i = 0; i < length; i++) out[i] = c0 * s0[i]!;
      return out;
    case 2:
      for (let i = 0; i < length; i++) out[i] = c0 * s0[i]! + c1 * s1[i]!;
      return out;
    case 3:
      for (let i = 0; i < length; i++) out[i] = c0 * s0[i]! + c1 * s1[i]! + c2 * s2[i]!;
      return out;
    case 4:
      for (let i = 0; i < length; i++) out[i] = c0 * s0[i]! + c1 * s1[i]! + c2 * s2[i]! + c3 * s3[i]!;
      return out;
    case 5:
      for (let i = 0; i < length; i++) {
        out[i] = c0 * s0[i]! + c1 * s1[i]! + c2 * s2[i]! + c3 * s3[i]! + c4 * s4[i]!;
      }
      return out;
    default:
      for (let i = 0; i < length; i++) {
        let sum = 0;
        for (let k = 0; k < states.length; k++) sum += coefficients[k]! * states[k]![i]!;
        out[i] = sum;
      }
      return out;
  }
}
