import type { Stamp } from "../experiments/compare-result.js";
import type { TrainReport, TrainResult } from "../training/index.js";
import type { ChartSpec } from "./chart-spec.js";
import { jsonText } from "./json-text.js";
import { lineChart } from "./line-chart.js";
import { formatSignificant } from "./number-format.js";

/** What is known of a training run beside its result. */
export interface TrainFacts {
  /** The .onnx file written, or null. */
  readonly exported: string | null;
  /** What reproduces the run; its seconds are those of the training. */
  readonly stamp: Stamp;
}

/** What was trained by what, and the loss, without full stops. */
export function trainHeadline(
  { model, step, history }: TrainResult,
  seconds?: number,
): [network: string, loss: string] {
  const { network, parameters } = model.trained;
  const held = history.findLast(({ validationLoss }) => validationLoss !== null)?.validationLoss;
  const time = seconds === undefined ? "" : ` in ${seconds.toFixed(1)} s`;
  return [
    `${network.name} of ${parameters.length} parameters predicts ${model.predicts} on ${model.sde.name}; ${model.engine}`,
    `${step} steps${time}: loss ${short(history.at(-1)?.loss)}, on held-out data ${short(held)}`,
  ];
}

/** What the samples drawn last are worth, in a sentence each, without full stops. */
export function samplingText(history: readonly TrainReport[]): string[] {
  const sampled = history.findLast(({ samplingError }) => samplingError !== null);
  return sampled === undefined ? [] : samplingLines(sampled);
}

/** A training run in a few lines. */
export function trainText(result: TrainResult, { stamp: { seconds } }: TrainFacts): string {
  const { history } = result;
  const errors = history.findLast(({ scoreError }) => scoreError !== null)?.scoreError ?? null;
  const lines: string[] = trainHeadline(result, seconds);
  if (errors !== null) {
    lines.push("true score error E‖s_θ − s‖² σ²:");
    for (const { t, value } of errors) lines.push(`  t = ${short(t).padEnd(9)} ${short(value)}`);
  }
  lines.push(...samplingText(history));
  return lines.join("\n");
}

function samplingLines({ samplingError, memorisation }: TrainReport): string[] {
  const lines: string[] = [];
  if (samplingError !== null) {
    const { metric, value, floor, samples } = samplingError;
    const name = metric === "w2" ? "W₂" : "sliced W₂";
    lines.push(`${samples} samples: ${name} ${short(value)}, of as many exact ones ${short(floor)}`);
  }
  if (memorisation !== null) {
    const { generated, heldOut, closer, standardError } = memorisation;
    lines.push(
      `distance to the nearest training row: samples ${short(generated)}, held-out data ${short(heldOut)} (medians); a sample is the nearer one in ${(100 * closer).toFixed(1)} ± ${(100 * standardError).toFixed(1)} % of pairs`,
    );
  }
  return lines;
}

/** A training run as JSON. */
export function trainJson(result: TrainResult, { exported, stamp }: TrainFacts): string {
  const { model, status, message, step, history, directory, refused, otherEngine } = result;
  const { network, parameters, preconditioning } = model.trained;
  return jsonText({
    schema: "score-sde/train@1",
    stamp,
    sde: { name: model.sde.name, options: model.sde.options },
    network: { name: network.name, options: network.options, shape: network.shape, classes: network.classes },
    parameters: parameters.length,
    predicts: model.predicts,
    preconditioning: preconditioning.name,
    standardisation: model.standardisation,
    engine: model.engine,
    status,
    message,
    step,
    seconds: stamp.seconds,
    directory,
    exported,
    refused,
    otherEngine,
    history,
  });
}

/** Training and validation loss over the steps. */
export function learningCurve(history: readonly TrainReport[]): ChartSpec {
  const validated = history.filter(({ validationLoss }) => validationLoss !== null);
  return lineChart({
    title: "Learning curve",
    xTitle: "training step",
    yTitle: "weighted loss",
    lines: [
      { label: "training", x: history.map(({ step }) => step), y: history.map(({ loss }) => loss) },
      {
        label: "held out",
        x: validated.map(({ step }) => step),
        y: validated.map(({ validationLoss }) => validationLoss ?? Number.NaN),
      },
    ],
  });
}

/** The true score error over the steps, one line for each time; null where it is not known. */
export function scoreErrorCurve(history: readonly TrainReport[]): ChartSpec | null {
  const measured = history.flatMap(({ step, scoreError }) => (scoreError === null ? [] : [{ step, scoreError }]));
  const first = measured[0]?.scoreError;
  if (first === undefined || measured.length < 2) return null;
  return lineChart({
    title: "True score error",
    xTitle: "training step",
    yTitle: "E‖s_θ − s‖² σ²",
    yScale: "log",
    // Every second time: eight lines are too many to tell apart.
    lines: first.flatMap(({ t }, k) =>
      k % 2 === 0
        ? []
        : [
            {
              label: `t = ${short(t)}`,
              x: measured.map(({ step }) => step),
              y: measured.map(({ scoreError }) => scoreError[k]?.value ?? Number.NaN),
            },
          ],
    ),
  });
}

/** The sampling error over the steps, beside its floor; null where it was not measured twice. */
export function samplingErrorCurve(history: readonly TrainReport[]): ChartSpec | null {
  const measured = history.flatMap(({ step, samplingError }) =>
    samplingError === null ? [] : [{ step, ...samplingError }],
  );
  const last = measured.at(-1);
  if (last === undefined || measured.length < 2) return null;
  const x = measured.map(({ step }) => step);
  return lineChart({
    title: `Error of ${last.samples} samples`,
    xTitle: "training step",
    yTitle: last.metric === "w2" ? "W₂ to the data" : "sliced W₂ to the data",
    yScale: "log",
    points: true,
    lines: [
      { label: "samples", x, y: measured.map(({ value }) => value ?? Number.NaN) },
      { label: "floor", x, y: measured.map(({ floor }) => floor) },
    ],
  });
}

/** Distances to the nearest training row over the steps; null where they were not measured twice. */
export function memorisationCurve(history: readonly TrainReport[]): ChartSpec | null {
  const measured = history.flatMap(({ step, memorisation }) =>
    memorisation === null ? [] : [{ step, ...memorisation }],
  );
  if (measured.length < 2) return null;
  const x = measured.map(({ step }) => step);
  return lineChart({
    title: "Distance to the nearest training row",
    subtitle: "samples that come nearer than held-out data are copies",
    xTitle: "training step",
    yTitle: "median distance",
    points: true,
    lines: [
      { label: "samples", x, y: measured.map(({ generated }) => generated) },
      { label: "held-out data", x, y: measured.map(({ heldOut }) => heldOut) },
    ],
  });
}

function short(value: number | null | undefined): string {
  return value === undefined || value === null ? "unknown" : formatSignificant(value, 3);
}
