/** 2^n at index n + 1074, for n from −1074 to 1023: every power of two that is a double. */
export const POWERS_OF_TWO: Float64Array = powersOfTwo();

function powersOfTwo(): Float64Array {
  const table = new Float64Array(2098);
  table[0] = Number.MIN_VALUE;
  for (let index = 1; index < table.length; index++) table[index] = 2 * table[index - 1]!;
  return table;
}
