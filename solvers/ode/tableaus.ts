/**
 * An explicit Runge–Kutta method: y₁ = y₀ + h Σ bᵢ kᵢ with kᵢ = f(t₀ + cᵢ h, y₀ + h Σ_{j<i} aᵢⱼ kⱼ).
 *
 * All coefficients are pure numbers.
 */
export interface Tableau {
  readonly name: string;
  /** Paper and equation. */
  readonly source: string;
  /** Order of the end of the step. */
  readonly order: number;
  /** c. */
  readonly nodes: readonly number[];
  /** a: row i holds its i entries left of the diagonal. */
  readonly matrix: readonly (readonly number[])[];
  /** b. */
  readonly weights: readonly number[];
  /** P: y(t₀ + θh) = y₀ + h Σᵢ kᵢ Σⱼ Pᵢⱼ θ^{j+1}, one row per stage. */
  readonly interpolant: readonly (readonly number[])[];
  /** Order of `interpolant`: its error inside a step is O(h^{interpolantOrder + 1}). */
  readonly interpolantOrder: number;
}

/** A pair of methods on the same stages: the step is taken with `weights`, the other one tells the error. */
export interface EmbeddedTableau extends Tableau {
  /** b̂ − b: h Σ errorWeightsᵢ kᵢ estimates the local error of the other method. */
  readonly errorWeights: readonly number[];
  /** Order of the other method; the estimate is O(h^{errorOrder + 1}). */
  readonly errorOrder: number;
}

/** True where the last stage is f at the end of the step, and so the first stage of the next one. */
export function isFirstSameAsLast(tableau: Tableau): boolean {
  const last = tableau.matrix.length - 1;
  return last > 0 && tableau.matrix[last]!.every((a, j) => a === tableau.weights[j]) && tableau.weights[last] === 0;
}

/** True where the tableau carries an error estimate. */
export function isEmbedded(tableau: Tableau): tableau is EmbeddedTableau {
  return "errorWeights" in tableau;
}

/** Explicit Euler, order 1. */
export const euler: Tableau = {
  name: "euler",
  source: "Euler 1768; Hairer, Norsett & Wanner, Solving Ordinary Differential Equations I, II.1",
  order: 1,
  nodes: [0],
  matrix: [[]],
  weights: [1],
  interpolant: [[1]],
  interpolantOrder: 1,
};

/** Heun's method (explicit trapezoidal rule), order 2. */
export const heun: Tableau = {
  name: "heun",
  source: "Heun 1900; Hairer, Norsett & Wanner, Solving Ordinary Differential Equations I, II.1",
  order: 2,
  nodes: [0, 1],
  matrix: [[], [1]],
  weights: [1 / 2, 1 / 2],
  interpolant: [
    [1, -1 / 2],
    [0, 1 / 2],
  ],
  interpolantOrder: 2,
};

/** The classical Runge–Kutta method, order 4, with its unique interpolant of order 3. */
export const rk4: Tableau = {
  name: "rk4",
  source:
    "Kutta 1901; Hairer, Norsett & Wanner, Solving Ordinary Differential Equations I, table II.1.2, interpolant (II.6.16)",
  order: 4,
  nodes: [0, 1 / 2, 1 / 2, 1],
  matrix: [[], [1 / 2], [0, 1 / 2], [0, 0, 1]],
  weights: [1 / 6, 1 / 3, 1 / 3, 1 / 6],
  interpolant: [
    [1, -3 / 2, 2 / 3],
    [0, 1, -2 / 3],
    [0, 1, -2 / 3],
    [0, -1 / 2, 2 / 3],
  ],
  interpolantOrder: 3,
};

/** Bogacki–Shampine 3(2) with the cubic Hermite interpolant, as scipy's RK23. */
export const bogackiShampine: EmbeddedTableau = {
  name: "rk23",
  source: "Bogacki & Shampine 1989, A 3(2) pair of Runge-Kutta formulas, Appl. Math. Lett. 2(4), 321-325",
  order: 3,
  nodes: [0, 1 / 2, 3 / 4, 1],
  matrix: [[], [1 / 2], [0, 3 / 4], [2 / 9, 1 / 3, 4 / 9]],
  weights: [2 / 9, 1 / 3, 4 / 9, 0],
  errorWeights: [5 / 72, -1 / 12, -1 / 9, 1 / 8],
  errorOrder: 2,
  interpolant: [
    [1, -4 / 3, 5 / 9],
    [0, 1, -2 / 3],
    [0, 4 / 3, -8 / 9],
    [0, -1, 1],
  ],
  interpolantOrder: 3,
};

/** Dormand–Prince 5(4) with Shampine's quartic interpolant, as scipy's RK45. */
export const dormandPrince: EmbeddedTableau = {
  name: "rk45",
  source:
    "Dormand & Prince 1980, A family of embedded Runge-Kutta formulae, J. Comput. Appl. Math. 6, 19-26, table 2; interpolant: Shampine 1986, Some practical Runge-Kutta formulas, Math. Comp. 46, 135-150",
  order: 5,
  nodes: [0, 1 / 5, 3 / 10, 4 / 5, 8 / 9, 1, 1],
  matrix: [
    [],
    [1 / 5],
    [3 / 40, 9 / 40],
    [44 / 45, -56 / 15, 32 / 9],
    [19372 / 6561, -25360 / 2187, 64448 / 6561, -212 / 729],
    [9017 / 3168, -355 / 33, 46732 / 5247, 49 / 176, -5103 / 18656],
    [35 / 384, 0, 500 / 1113, 125 / 192, -2187 / 6784, 11 / 84],
  ],
  weights: [35 / 384, 0, 500 / 1113, 125 / 192, -2187 / 6784, 11 / 84, 0],
  errorWeights: [-71 / 57600, 0, 71 / 16695, -71 / 1920, 17253 / 339200, -22 / 525, 1 / 40],
  errorOrder: 4,
  interpolant: [
    [1, -8048581381 / 2820520608, 8663915743 / 2820520608, -12715105075 / 11282082432],
    [0, 0, 0, 0],
    [0, 131558114200 / 32700410799, -68118460800 / 10900136933, 87487479700 / 32700410799],
    [0, -1754552775 / 470086768, 14199869525 / 1410260304, -10690763975 / 1880347072],
    [0, 127303824393 / 49829197408, -318862633887 / 49829197408, 701980252875 / 199316789632],
    [0, -282668133 / 205662961, 2019193451 / 616988883, -1453857185 / 822651844],
    [0, 40617522 / 29380423, -110615467 / 29380423, 69997945 / 29380423],
  ],
  interpolantOrder: 4,
};

/** The tableaus that a method name stands for. */
export const tableaus = { euler, heun, rk4, rk23: bogackiShampine, rk45: dormandPrince } as const;

/** A name of `tableaus`. */
export type MethodName = keyof typeof tableaus;
