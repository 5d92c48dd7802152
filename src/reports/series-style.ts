import { type SolverStyle, solverStyle } from "./solver-style.js";

/** Series of one chart with their styles: a second series of a solver keeps its colour and takes another mark. */
export function seriesStyles<S extends { readonly label: string; readonly solver: string }>(
  series: readonly S[],
): (S & SolverStyle)[] {
  const spare = ["triangle-right", "cross", "triangle-left", "wedge", "arrow"];
  const seen = new Map<string, number>();
  return series.map((one) => {
    const style = solverStyle(one.solver);
    const earlier = seen.get(one.solver) ?? 0;
    seen.set(one.solver, earlier + 1);
    const shape = earlier === 0 ? style.shape : spare[(earlier - 1) % spare.length]!;
    return { ...one, colour: style.colour, shape };
  });
}

/** Dash patterns: stochastic solvers are dashed, deterministic ones solid. */
export function dashOf(isStochastic: boolean): number[] {
  return isStochastic ? [6, 3] : [1, 0];
}
