import { atan, cos, cosh, exp, expm1, log, log1p, pow, sin, sinh, tan, tanh } from "../../solvers/math/elementary.js";
import { type Term, uses } from "./formula-term.js";

/** A formula as a function of time t and state x. */
export type Formula = (t: number, x: number) => number;

/** Functions of one argument that formulas may use; each gives the same bits on every platform. */
export const FORMULA_FUNCTIONS: Readonly<Record<string, (a: number) => number>> = {
  exp,
  expm1,
  log,
  ln: log,
  log1p,
  sqrt: Math.sqrt,
  sin,
  cos,
  tan,
  sinh,
  cosh,
  tanh,
  atan,
  abs: Math.abs,
  sec: (a) => 1 / cos(a),
  sech: (a) => 1 / cosh(a),
};

/** Turns a term into nested closures; `constants` gives the value of every symbol but t and x. */
export function compileFormula(term: Term, constants: Readonly<Record<string, number>>): Formula {
  if (term.kind === "number") return always(term.value);
  if (term.kind === "symbol") {
    if (term.name === "t") return (t) => t;
    if (term.name === "x") return (_, x) => x;
    return always(constants[term.name] ?? Number.NaN);
  }
  const formula = compileCall(
    term.name,
    term.inputs.map((input) => compileFormula(input, constants)),
    term.inputs,
  );
  return uses(term, "t") || uses(term, "x") ? formula : always(formula(0, 0));
}

function compileCall(name: string, compiled: readonly Formula[], inputs: readonly Term[]): Formula {
  const a = compiled[0] ?? always(Number.NaN);
  const b = compiled[1] ?? always(Number.NaN);
  switch (name) {
    case "negate":
      return (t, x) => -a(t, x);
    case "add":
      return (t, x) => a(t, x) + b(t, x);
    case "subtract":
      return (t, x) => a(t, x) - b(t, x);
    case "multiply":
      return (t, x) => a(t, x) * b(t, x);
    case "divide":
      return (t, x) => a(t, x) / b(t, x);
    case "power":
      return power(a, b, inputs[1]);
    default: {
      const apply = FORMULA_FUNCTIONS[name];
      if (apply === undefined) return always(Number.NaN);
      return (t, x) => apply(a(t, x));
    }
  }
}

/** Small constant exponents become products and roots: exact where they can be, defined for negative bases. */
function power(base: Formula, exponent: Formula, term: Term | undefined): Formula {
  const isConstant = term !== undefined && !uses(term, "t") && !uses(term, "x");
  switch (isConstant ? exponent(0, 0) : Number.NaN) {
    case 0:
      return always(1);
    case 1:
      return base;
    case -1:
      return (t, x) => 1 / base(t, x);
    case 0.5:
      return (t, x) => Math.sqrt(base(t, x));
    case 2:
      return (t, x) => {
        const value = base(t, x);
        return value * value;
      };
    case 3:
      return (t, x) => {
        const value = base(t, x);
        return value * value * value;
      };
    case 4:
      return (t, x) => {
        const value = base(t, x);
        return value * value * (value * value);
      };
    default:
      return (t, x) => pow(base(t, x), exponent(t, x));
  }
}

function always(value: number): Formula {
  return () => value;
}
