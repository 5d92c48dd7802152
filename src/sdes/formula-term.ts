/** A formula: a number, a name, or a function or operator applied to formulas. */
export type Term =
  | { readonly kind: "number"; readonly value: number }
  | { readonly kind: "symbol"; readonly name: string }
  | { readonly kind: "call"; readonly name: string; readonly inputs: readonly Term[] };

/** Makes a call term in canonical shape: powers of e become `exp`, and 1 − e^u, e^u − 1, ln(1 + u) their accurate forms. */
export function call(name: string, ...inputs: readonly Term[]): Term {
  const [a, b] = inputs;
  if (a !== undefined && b !== undefined) {
    if (name === "power") {
      if (a.kind === "symbol" && a.name === "e") return call("exp", b);
      if (isCall(a, "exp") && b.kind === "number") return call("exp", call("multiply", b, a.inputs[0]!));
    }
    if (name === "subtract") {
      if (isOne(a) && isCall(b, "exp")) return call("negate", call("expm1", ...b.inputs));
      if (isCall(a, "exp") && isOne(b)) return call("expm1", ...a.inputs);
    }
    if (name === "add" && isCall(a, "negate") && isOne(b)) return call("subtract", b, ...a.inputs);
  }
  if (name === "log" && a !== undefined && a.kind === "call") {
    const [left, right] = a.inputs;
    if (a.name === "add" && left !== undefined && right !== undefined) {
      if (isOne(left)) return call("log1p", right);
      if (isOne(right)) return call("log1p", left);
    }
    if (a.name === "subtract" && left !== undefined && right !== undefined && isOne(left)) {
      return call("log1p", call("negate", right));
    }
  }
  return { kind: "call", name, inputs };
}

/** Whether the variable occurs in the formula. */
export function uses(term: Term, variable: string): boolean {
  if (term.kind === "symbol") return term.name === variable;
  return term.kind === "call" && term.inputs.some((input) => uses(input, variable));
}

/** Whether the formula is, by its shape, a function free of the variable times the variable. */
export function isProportionalTo(term: Term, variable: string): boolean {
  if (term.kind !== "call") return term.kind === "symbol" && term.name === variable;
  const [a, b] = term.inputs;
  switch (term.name) {
    case "negate":
      return a !== undefined && isProportionalTo(a, variable);
    case "add":
    case "subtract":
      return term.inputs.every((input) => isProportionalTo(input, variable));
    case "multiply":
      return (
        a !== undefined &&
        b !== undefined &&
        ((isProportionalTo(a, variable) && !uses(b, variable)) || (!uses(a, variable) && isProportionalTo(b, variable)))
      );
    case "divide":
      return a !== undefined && b !== undefined && isProportionalTo(a, variable) && !uses(b, variable);
    default:
      return false;
  }
}

function isOne(term: Term): boolean {
  return term.kind === "number" && term.value === 1;
}

function isCall(term: Term, name: string): term is Extract<Term, { kind: "call" }> {
  return term.kind === "call" && term.name === name;
}
