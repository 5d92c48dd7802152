/** xⁿ by repeated multiplication, n a whole number ≥ 0: the same bits on every engine. */
export function integerPower(x: number, n: number): number {
  let power = 1;
  for (let k = 0; k < n; k++) power *= x;
  return power;
}
