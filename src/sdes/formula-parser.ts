import type { MathNode } from "mathjs";
import { suggestion, UsageError } from "../../solvers/errors.js";
import { compileFormula, FORMULA_FUNCTIONS, type Formula } from "./formula-compiler.js";
import { call, type Term } from "./formula-term.js";

/** A parsed formula with its compiled function. */
export interface ParsedFormula {
  readonly text: string;
  readonly term: Term;
  readonly evaluate: Formula;
  /** The compiled ∂/∂t, found symbolically. */
  timeDerivative(): Formula;
}

/** Reads formulas in t (and x, where allowed) with π, e and the user's constants. */
export interface FormulaParser {
  /** @throws UsageError for what is no formula, an unknown name, or an operator or function that is not supported. */
  parse(label: string, text: string, variables: readonly string[]): ParsedFormula;
}

const OPERATORS: Readonly<Record<string, string>> = {
  add: "add",
  subtract: "subtract",
  multiply: "multiply",
  divide: "divide",
  pow: "power",
  unaryMinus: "negate",
};

const MATHEMATICAL_CONSTANTS = { pi: Math.PI, e: Math.E } as const;

/** Loads mathjs and returns a parser; `constants` are the user's own named numbers. */
export async function loadFormulaParser(
  owner: string,
  constants: Readonly<Record<string, number>>,
): Promise<FormulaParser> {
  const math = await import("mathjs/number");
  const known: Record<string, number> = { ...constants, ...MATHEMATICAL_CONSTANTS };
  for (const name of Object.keys(constants)) {
    if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name) || ["t", "x", "pi", "e"].includes(name) || name in FORMULA_FUNCTIONS) {
      throw new UsageError(
        `${owner}: constants need names of their own, but got '${name}' - t, x, pi, e and the functions are taken.`,
      );
    }
  }

  function toTerm(node: MathNode, label: string, variables: readonly string[]): Term {
    const refuse = (what: string, wayOut: string) =>
      new UsageError(`${owner}: ${label} must be a formula in ${variables.join(" and ")}, but got ${what}${wayOut}`);
    const convert = (child: MathNode): Term => {
      if (math.isParenthesisNode(child)) return convert(child.content);
      if (math.isConstantNode(child)) {
        const value: unknown = child.value;
        if (typeof value === "number") return { kind: "number", value };
        throw refuse(`'${child.toString()}'`, " - write a number or a formula.");
      }
      if (math.isSymbolNode(child)) {
        if (variables.includes(child.name) || Object.hasOwn(known, child.name)) {
          return { kind: "symbol", name: child.name };
        }
        const names = [...variables, ...Object.keys(known)];
        throw refuse(`the unknown name '${child.name}'`, ` - give it in constants.${suggestion(child.name, names)}`);
      }
      if (math.isOperatorNode(child)) {
        if (child.fn === "unaryPlus") return convert(child.args[0]!);
        const name = OPERATORS[child.fn];
        if (name !== undefined) return call(name, ...child.args.map(convert));
        throw refuse(`the operator '${child.op}'`, " - the operators are + - * / ^.");
      }
      if (math.isFunctionNode(child)) {
        const name = child.fn.name;
        if (name === "pow" && child.args.length === 2) return call("power", ...child.args.map(convert));
        const names = [...Object.keys(FORMULA_FUNCTIONS), "pow"];
        if (!Object.hasOwn(FORMULA_FUNCTIONS, name)) {
          throw refuse(
            `the function '${name}'`,
            `.${suggestion(name, names)} Functions: ${names.join(", ")}; multiply with *.`,
          );
        }
        if (child.args.length === 1) return call(name === "ln" ? "log" : name, convert(child.args[0]!));
        throw refuse(`${child.args.length} arguments of '${name}'`, " - it takes one.");
      }
      throw refuse(`'${child.toString()}'`, " - write one formula of numbers, names, + - * / ^ and functions.");
    };
    return convert(node);
  }

  /** Replaces the functions that mathjs cannot differentiate by ones it can; their derivatives lose nothing. */
  function differentiable(node: MathNode): MathNode {
    return node.transform((child) => {
      if (!math.isFunctionNode(child)) return child;
      if (!["ln", "log1p", "expm1"].includes(child.fn.name)) return child;
      const argument = differentiable(child.args[0]!);
      const one = new math.ConstantNode(1);
      if (child.fn.name === "ln") return new math.FunctionNode("log", [argument]);
      if (child.fn.name === "log1p") {
        return new math.FunctionNode("log", [new math.OperatorNode("+", "add", [one, argument])]);
      }
      return new math.OperatorNode("-", "subtract", [new math.FunctionNode("exp", [argument]), one]);
    });
  }

  return {
    parse(label, text, variables) {
      let node: MathNode;
      try {
        node = math.parse(text);
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        throw new UsageError(
          `${owner}: ${label} must be a formula in ${variables.join(" and ")}, but got '${text}' - ${reason}.`,
        );
      }
      const term = toTerm(node, label, variables);
      return {
        text,
        term,
        evaluate: compileFormula(term, known),
        timeDerivative() {
          const slope = math.derivative(differentiable(node), "t", { simplify: false });
          return compileFormula(toTerm(slope, `the derivative of ${label}`, variables), known);
        },
      };
    },
  };
}
