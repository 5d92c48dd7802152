import { formatSpec } from "../../solvers/spec.js";
import type { Stamp } from "../experiments/compare-result.js";
import { withoutDefaults } from "../sdes/without-defaults.js";
import type { TrainResult } from "../training/index.js";
import type { ChartSpec } from "./chart-spec.js";
import { formatSignificant } from "./number-format.js";
import { prose, type Report, type ReportBlock, type ReportSection } from "./report.js";
import type { Table } from "./table.js";
import {
  learningCurve,
  memorisationCurve,
  samplingErrorCurve,
  samplingText,
  scoreErrorCurve,
  trainHeadline,
} from "./train-report.js";

/** The page of `train`: what the samples are worth, how the loss fell, where in time the score is wrong. */
export function trainPage(result: TrainResult, data: string, stamp: Stamp): Report {
  const { model, history, step } = result;
  const sampled = samplingText(history);
  return {
    title: `score-sde train: ${data} under ${formatSpec(withoutDefaults(model.sde))}`,
    answer: `${sampled[0] ?? `${step} steps of denoising score matching`}.`,
    stamp,
    sections: [
      {
        heading: "Learning curve",
        blocks: [
          prose(`${trainHeadline(result).join(". ")}.`),
          prose(
            "The loss has a floor above zero: the part of the noise that no function of x_t can predict. Held out: loss of the averaged parameters on data that was not used.",
          ),
          ...(history.length < 2 ? [] : [chart("learning-curve", learningCurve(history))]),
        ],
      },
      ...scoreSection(result),
      ...section("Error of samples", "sampling-error", samplingErrorCurve(history), [
        "Distance of samples of the averaged parameters from the data. Floor: the same between two exact samples of that size.",
      ]),
      ...section("Copies of training data", "memorisation", memorisationCurve(history), sampled.slice(1)),
    ],
  };
}

function scoreSection({ history }: TrainResult): ReportSection[] {
  const errors = history.findLast(({ scoreError }) => scoreError !== null)?.scoreError ?? null;
  if (errors === null) return [];
  const table: Table = {
    columns: [
      { title: "t", align: "decimal" },
      { title: "E‖s_θ − s‖² σ²", align: "decimal" },
    ],
    rows: errors.map(({ t, value }) => ({
      cells: [{ text: formatSignificant(t, 3) }, { text: formatSignificant(value, 3) }],
    })),
  };
  const curve = scoreErrorCurve(history);
  return [
    {
      heading: "True score error",
      blocks: [
        prose(
          "Against the exact score of the data law, at the end of training. It is 1 for a network that predicts nothing.",
        ),
        { kind: "table", table },
        ...(curve === null ? [] : [chart("score-error", curve)]),
      ],
    },
  ];
}

function section(heading: string, name: string, spec: ChartSpec | null, texts: readonly string[]): ReportSection[] {
  return spec === null ? [] : [{ heading, blocks: [...texts.map(prose), chart(name, spec)] }];
}

function chart(name: string, spec: ChartSpec): ReportBlock {
  return { kind: "chart", name, spec, description: `Over the training steps: ${name.replace("-", " ")}.` };
}
