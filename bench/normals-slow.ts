// Moments and tails of 1e8 normals in exact standard errors; exits with 1 where one exceeds 4.5.
// Run: npx tsx bench/normals-slow.ts [count, 1e8] [seed, 1]
import { fillNormal } from "../solvers/noise/normal.js";

const count = Number(process.argv[2] ?? 1e8);
const seed = Number(process.argv[3] ?? 1);
/** P(|X| > k) for k = 1 … 6 (mpmath, erfc(k/√2)). */
const TAILS = [
  0.31731050786291415, 0.04550026389635842, 2.699796063260189e-3, 6.334248366623997e-5, 5.733031437583878e-7,
  1.973175289827767e-9,
];

const sums = new Float64Array(9);
const hits = new Float64Array(TAILS.length);
const lags = [1, 2, 1000];
const products = new Float64Array(lags.length);
const chunk = new Float64Array(100_000);
const started = performance.now();
for (let first = 0; first < count; first += chunk.length) {
  const length = Math.min(chunk.length, count - first);
  fillNormal({ seed, stream: "sampler" }, first, chunk, length);
  const partial = new Float64Array(9);
  for (let i = 0; i < length; i++) {
    const x = chunk[i]!;
    for (let order = 1, power = x; order <= 8; order++, power *= x) partial[order]! += power;
    const size = Math.abs(x);
    for (let k = 0; k < TAILS.length && size > k + 1; k++) hits[k]!++;
    for (let j = 0; j < lags.length; j++) products[j]! += x * chunk[(i + lags[j]!) % length]!;
  }
  for (let order = 1; order <= 8; order++) sums[order]! += partial[order]!;
}
const seconds = (performance.now() - started) / 1000;

const moment = (order: number): number => (order % 2 ? 0 : order < 2 ? 1 : (order - 1) * moment(order - 2));
let worst = 0;
const report = (label: string, value: number, z: number): void => {
  worst = Math.max(worst, Math.abs(z));
  console.log(`${label.padEnd(12)} ${value.toPrecision(10).padStart(18)}   z = ${z.toFixed(2)}`);
};
for (let order = 1; order <= 8; order++) {
  const mean = sums[order]! / count;
  const error = Math.sqrt((moment(2 * order) - moment(order) ** 2) / count);
  report(`E x^${order}`, mean, (mean - moment(order)) / error);
}
// Below 5 expected hits a z-score says nothing.
for (const [k, p] of TAILS.entries())
  if (count * p > 5)
    report(`P(|x| > ${k + 1})`, hits[k]! / count, (hits[k]! - count * p) / Math.sqrt(count * p * (1 - p)));
for (const [j, lag] of lags.entries()) report(`lag ${lag}`, products[j]! / count, products[j]! / Math.sqrt(count));
console.log(`${count} normals in ${seconds.toFixed(1)} s`);
process.exitCode = worst > 4.5 ? 1 : 0;
