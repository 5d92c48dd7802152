import { suggestion, UsageError } from "../errors.js";
import { numberText } from "../number-text.js";
import { requireWhole } from "../require-whole.js";
import type { IntegrationOptions } from "./adaptive-options.js";
import { type ControllerRule, controllers, type StepController } from "./controllers.js";
import { type InitialStepRule, initialSteps } from "./initial-step.js";
import { isEmbedded, type Tableau, tableaus } from "./tableaus.js";

/** The options with every default in place. `width` components in each of `groups` share one step. */
export interface Integration {
  readonly options: IntegrationOptions;
  readonly tableau: Tableau;
  readonly direction: 1 | -1;
  /** Null: fixed steps. */
  readonly controller: StepController | null;
  readonly initialStep: InitialStepRule | null;
  readonly errorWeights: readonly number[];
  readonly errorOrder: number;
  readonly steps: number;
  readonly rtol: number;
  readonly atol: Float64Array;
  readonly groups: number;
  readonly rowsPerGroup: number;
  readonly width: number;
  readonly maxSteps: number;
  readonly maxEvaluations: number;
  readonly firstStep: number | null;
  readonly maxStep: number;
}

function named<T>(option: string, table: Readonly<Record<string, T>>, name: string): T {
  const value = Object.hasOwn(table, name) ? table[name] : undefined;
  if (value !== undefined) return value;
  throw new UsageError(`${option}: unknown name '${name}'.${suggestion(name, Object.keys(table))}`);
}

function positive(option: string, value: number, way: string): number {
  if (value > 0 && !Number.isNaN(value)) return value;
  throw new UsageError(`${option}: must be positive, but got ${numberText(value)} - ${way}`);
}

function finite(option: string, value: number): number {
  if (Number.isFinite(value)) return value;
  throw new UsageError(`${option}: must be finite, but got ${value} - give the time as a finite number`);
}

function relativeTolerance(rtol: number): number {
  const floor = 100 * Number.EPSILON;
  if (rtol >= floor && rtol < Number.POSITIVE_INFINITY) return rtol;
  throw new UsageError(
    `rtol: must be at least ${numberText(floor, 3)} (100 eps) and finite, but got ${numberText(rtol)} - below that rounding, not the method, sets the error`,
  );
}

function absoluteTolerance(atol: number | ArrayLike<number>, dimension: number): Float64Array {
  const values = typeof atol === "number" ? new Float64Array(dimension).fill(atol) : Float64Array.from(atol);
  if (values.length !== dimension) {
    throw new UsageError(
      `atol: must be one number or ${dimension}, one per component, but got ${values.length} - match the dimension of y0`,
    );
  }
  const wrong = values.findIndex((value) => !(value > 0 && value < Number.POSITIVE_INFINITY));
  if (wrong >= 0) {
    throw new UsageError(
      `atol: must be positive and finite, but got ${values[wrong]} - a component may pass through zero, so give the error that you tolerate there`,
    );
  }
  return values;
}

/**
 * Fills in the defaults and checks every option once.
 *
 * @throws UsageError naming the option, its value and the way out.
 */
export function resolveIntegration(options: IntegrationOptions): Integration {
  const { from, to, y0, method = "rk45", steps, rtol = 1e-3, atol = 1e-6, control = "sample" } = options;
  const { controller = "scipy", maxSteps, maxEvaluations = Number.POSITIVE_INFINITY, firstStep, maxStep } = options;
  const count = requireWhole("count", options.count, 0, Number.POSITIVE_INFINITY);
  const dimension = requireWhole("dimension", options.dimension, 1, Number.POSITIVE_INFINITY);
  if (y0.length !== count * dimension) {
    throw new UsageError(
      `y0: must hold count × dimension = ${count * dimension} numbers, but got ${y0.length} - check the shape`,
    );
  }
  if (finite("from", from) === finite("to", to)) {
    throw new UsageError(`to: must differ from 'from', but both are ${numberText(to)} - there is nothing to integrate`);
  }
  const tableau = typeof method === "string" ? named<Tableau>("method", tableaus, method) : method;
  if (control !== "sample" && control !== "shared") named("control", { sample: 1, shared: 1 }, control);
  if (steps === undefined && !isEmbedded(tableau)) {
    throw new UsageError(
      `steps: must be given for '${tableau.name}', which has no error estimate, but got undefined - set steps, or take method 'rk45' or 'rk23'`,
    );
  }
  const rule =
    typeof controller === "string" ? named<ControllerRule>("controller", controllers, controller) : controller;
  const errorOrder = isEmbedded(tableau) ? tableau.errorOrder : 0;
  const stepController = steps === undefined ? rule(errorOrder) : null;
  const { initialStep = stepController?.initialStep ?? null } = options;
  const rowsPerGroup = control === "shared" ? Math.max(count, 1) : 1;
  return {
    options,
    tableau,
    direction: to > from ? 1 : -1,
    controller: stepController,
    initialStep:
      typeof initialStep === "string" ? named<InitialStepRule>("initialStep", initialSteps, initialStep) : initialStep,
    errorWeights: isEmbedded(tableau) ? tableau.errorWeights : [],
    errorOrder,
    steps: steps === undefined ? 0 : requireWhole("steps", steps, 1, Number.POSITIVE_INFINITY),
    rtol: relativeTolerance(rtol),
    atol: absoluteTolerance(atol, dimension),
    groups: count / rowsPerGroup,
    rowsPerGroup,
    width: rowsPerGroup * dimension,
    maxSteps:
      maxSteps === undefined || maxSteps === Number.POSITIVE_INFINITY
        ? (maxSteps ?? (steps === undefined ? 100_000 : Number.POSITIVE_INFINITY))
        : requireWhole("maxSteps", maxSteps, 1, Number.POSITIVE_INFINITY),
    maxEvaluations:
      maxEvaluations === Number.POSITIVE_INFINITY
        ? maxEvaluations
        : requireWhole("maxEvaluations", maxEvaluations, 1, Number.POSITIVE_INFINITY),
    firstStep: firstStep === undefined ? null : firstStepWithin(firstStep, Math.abs(to - from)),
    maxStep: maxStep === undefined ? Number.POSITIVE_INFINITY : positive("maxStep", maxStep, "give a length in time"),
  };
}

function firstStepWithin(firstStep: number, longest: number): number {
  if (positive("firstStep", firstStep, "give a length in time, whatever the direction") <= longest) return firstStep;
  throw new UsageError(
    `firstStep: must not pass the end, ${numberText(longest)} away, but got ${numberText(firstStep)} - shorten it or leave it out`,
  );
}
