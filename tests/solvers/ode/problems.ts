/** Initial-value problems of the scipy replay, written out so that they share no code with the package. */
export type Derivative = (t: number, y: Float64Array, out: Float64Array) => void;

const weights = [0.3, 0.5, 0.2];
const means = [-2.0, 0.5, 2.0];
const deviations = [0.3, 0.4, 0.25];

/** ∇log p and ∇² log p of the mixture α x₀ + σ ε. */
export function mixtureScore(
  x: number,
  alpha: number,
  variance: number,
  w = weights,
  m = means,
  s = deviations,
): { score: number; slope: number } {
  const exponents = w.map((_, j) => {
    const v = alpha * alpha * s[j]! * s[j]! + variance;
    return Math.log(w[j]!) - 0.5 * Math.log(v) - (x - alpha * m[j]!) ** 2 / (2 * v);
  });
  const top = Math.max(...exponents);
  let [total, first, second] = [0, 0, 0];
  for (let j = 0; j < w.length; j++) {
    const v = alpha * alpha * s[j]! * s[j]! + variance;
    const p = Math.exp(exponents[j]! - top);
    const r = -(x - alpha * m[j]!) / v;
    total += p;
    first += p * r;
    second += p * (r * r - 1 / v);
  }
  const score = first / total;
  return { score, slope: second / total - score * score };
}

const [betaMin, betaMax] = [0.1, 20];
const beta = (t: number): number => betaMin + t * (betaMax - betaMin);
export const vpAlpha = (t: number): number => Math.exp(-0.5 * (betaMin * t + 0.5 * t * t * (betaMax - betaMin)));
const vpVariance = (t: number): number => -Math.expm1(-(betaMin * t + 0.5 * t * t * (betaMax - betaMin)));

const [sigmaMin, sigmaMax] = [0.01, 50];
const veSigma = (t: number): number => sigmaMin * (sigmaMax / sigmaMin) ** t;

const vpMixture: Derivative = (t, y, out) => {
  const [alpha, variance, b] = [vpAlpha(t), vpVariance(t), beta(t)];
  for (let i = 0; i < y.length; i++) out[i] = -0.5 * b * (y[i]! + mixtureScore(y[i]!, alpha, variance).score);
};

export const arenstorf: Derivative = (_t, y, out) => {
  const mu = 0.012277471;
  const nu = 1 - mu;
  const [a, b, c, d] = [y[0]!, y[1]!, y[2]!, y[3]!];
  const d1 = ((a + mu) ** 2 + b * b) ** 1.5;
  const d2 = ((a - nu) ** 2 + b * b) ** 1.5;
  out[0] = c;
  out[1] = d;
  out[2] = a + 2 * d - (nu * (a + mu)) / d1 - (mu * (a - nu)) / d2;
  out[3] = b - 2 * c - (nu * b) / d1 - (mu * b) / d2;
};

export const derivatives: Readonly<Record<string, Derivative>> = {
  decay: (_t, y, out) => {
    out[0] = -y[0]!;
  },
  detest_a2: (_t, y, out) => {
    out[0] = -0.5 * y[0]! ** 3;
  },
  detest_a3: (t, y, out) => {
    out[0] = y[0]! * Math.cos(t);
  },
  lotka_volterra: (_t, y, out) => {
    out[0] = 1.5 * y[0]! - y[0]! * y[1]!;
    out[1] = -3 * y[1]! + y[0]! * y[1]!;
  },
  brusselator: (_t, y, out) => {
    out[0] = 1 + y[0]! * y[0]! * y[1]! - 4 * y[0]!;
    out[1] = 3 * y[0]! - y[0]! * y[0]! * y[1]!;
  },
  arenstorf,
  "vp_gmm_x-1.7": vpMixture,
  "vp_gmm_x0.3": vpMixture,
  "vp_gmm_x2.5": vpMixture,
  vp_gmm_batch5: vpMixture,
  vp_gauss: (t, y, out) => {
    const { score } = mixtureScore(y[0]!, vpAlpha(t), vpVariance(t), [1], [0.7], [0.5]);
    out[0] = -0.5 * beta(t) * (y[0]! + score);
  },
  vp_gmm_logp: (t, y, out) => {
    const { score, slope } = mixtureScore(y[0]!, vpAlpha(t), vpVariance(t));
    out[0] = -0.5 * beta(t) * (y[0]! + score);
    out[1] = -0.5 * beta(t) * (1 + slope);
  },
  ve_gmm: (t, y, out) => {
    const sigma = veSigma(t);
    out[0] = -(sigma ** 2) * Math.log(sigmaMax / sigmaMin) * mixtureScore(y[0]!, 1, sigma * sigma).score;
  },
};
