export * from "../solvers/index.js";
export { type BrownianPath, type BrownianPathOptions, brownianPath } from "../solvers/noise/brownian-path.js";
export type { AcceptedStep, Failure, IntegrationResult } from "../solvers/ode/adaptive-options.js";
export {
  type ControllerRule,
  type FactorLimits,
  hairerController,
  type PidGains,
  pidController,
  type StepController,
  scipyController,
} from "../solvers/ode/controllers.js";
export type { PathRecord } from "../solvers/ode/dense-output.js";
export type { InitialStepRule } from "../solvers/ode/initial-step.js";
export { RightHandSideError } from "../solvers/ode/right-hand-side.js";
export { type OdeOptions, type OdeSolution, solveOde } from "../solvers/ode/solve-ode.js";
export { formatSpec, parseSpec, type Spec } from "../solvers/spec.js";
export * from "./display/index.js";
export type {
  CompileOptions,
  Engine,
  EngineName,
  FunctionSpec,
  GradientProgram,
  LossAndGradient,
  LossSpec,
  ParameterAccess,
  ParameterLayout,
  PortableProgram,
  Program,
  Provider,
  RunOptions as EngineRunOptions,
  Tensor,
  TensorFlow,
  TensorSpec,
  Values,
} from "./engine/types.js";
export { type CatalogueEntry, type CatalogueSection, catalogue } from "./experiments/catalogue.js";
export { type Comparison, compare } from "./experiments/compare.js";
export type { CompareConfig, CompareSurroundings } from "./experiments/compare-config.js";
export type {
  ComparePanels,
  CompareResult,
  CompareRun,
  ErrorBudget,
  ExactErrors,
  MarginalsPanel,
  PathPanel,
  SamplePanel,
  Stamp,
  TruthPanel,
} from "./experiments/compare-result.js";
export { converge } from "./experiments/converge.js";
export type { ConvergeConfig } from "./experiments/converge-config.js";
export type { ConvergeResult, ConvergeRow } from "./experiments/converge-result.js";
export { type FokkerPlanckCheckConfig, fokkerPlanckCheck } from "./experiments/fokker-planck-check.js";
export type {
  DensityEvolution,
  DensitySlice,
  FokkerPlanckCheckResult,
  FokkerPlanckOutcome,
  FokkerPlanckPictures,
  PlaneDensity,
  PlaneMap,
  PlanePictures,
} from "./experiments/fokker-planck-result.js";
export { type MarginalsOptions, marginals } from "./experiments/marginals.js";
export {
  type PlantedFaultsConfig,
  type PlantedFaultsResult,
  plantedFaults,
} from "./experiments/planted-faults.js";
export { type MisstatementsResult, refuteMisstatements } from "./experiments/refute-misstatements.js";
export type { ResultSde, ResultTarget } from "./experiments/result-head.js";
export { type VerifyConfig, verify } from "./experiments/verify.js";
export type { VerifyResult } from "./experiments/verify-result.js";
export { type ReadArrayOptions, type Rows, readArray, type WriteArrayOptions, writeArray } from "./files/index.js";
export * from "./metrics/index.js";
export type { ChartSpec } from "./reports/chart-spec.js";
export { compareJson } from "./reports/compare-json.js";
export { type CompareTableOptions, compareCsv, compareMarkdown, compareText } from "./reports/compare-table.js";
export { convergeJson } from "./reports/converge-json.js";
export { convergeMarkdown, convergeText } from "./reports/converge-table.js";
export { type DensityChartOptions, densityChart } from "./reports/density-chart.js";
export { type FieldChartOptions, type FieldPanel, fieldChart } from "./reports/field-chart.js";
export { type HeatMapOptions, heatMapChart } from "./reports/heat-map-chart.js";
export { type Line, type LineChartOptions, lineChart } from "./reports/line-chart.js";
export { formatEstimate, formatSignificant } from "./reports/number-format.js";
export { type PathsChartOptions, pathsChart } from "./reports/paths-chart.js";
export type { Lattice } from "./reports/raster.js";
export { type RecordTableOptions, type RecordValue, recordTable } from "./reports/record-table.js";
export { renderPng, renderSvg } from "./reports/render-chart.js";
export { type SamplesChartOptions, samplesChart } from "./reports/samples-chart.js";
export { type ScatterChartOptions, type ScatterPanel, scatterChart } from "./reports/scatter-chart.js";
export type { SolverStyle } from "./reports/solver-style.js";
export {
  formatTable,
  type Table,
  type TableCell,
  type TableColumn,
  type TableFormat,
  type TableRow,
} from "./reports/table.js";
export { tableMarkdown } from "./reports/table-markdown.js";
export { type WorkPrecisionOptions, workPrecisionChart } from "./reports/work-precision-chart.js";
export * from "./sampling/index.js";
export * from "./scores/index.js";
export * from "./sdes/index.js";
export * from "./targets/index.js";
export type { ToyDefinition } from "./targets/toys/definition.js";
export * from "./training/index.js";
export type { Check } from "./verification/check.js";
export type { Curves, Ledger } from "./verification/checks/setting.js";
export type { ControlResult } from "./verification/control.js";
export type { ConvergenceKind, ErrorPoint } from "./verification/convergence/error-sequence.js";
export type { OrderRatio, OrderVerdict } from "./verification/convergence/judge-order.js";
export { denoisingError } from "./verification/denoising-error.js";
export { type BudgetFigures, type BudgetOptions, errorBudget } from "./verification/error-budget.js";
export { type ExactLaw, type ExactLawOptions, exactLaw, hasExactLaw } from "./verification/exact-law.js";
export { exactTransport, type Transport } from "./verification/exact-transport.js";
export * from "./verification/fokker-planck/index.js";
export type { ResidualMap } from "./verification/fokker-planck-check/score-residual.js";
export type { AffineRun } from "./verification/laws/affine-law.js";
export type { CellLaw } from "./verification/laws/cell-law.js";
export type { FaultResult } from "./verification/planted-faults/plant-faults.js";
