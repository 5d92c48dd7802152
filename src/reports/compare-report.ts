import type { ComparePanels, CompareResult, CompareRun, SamplePanel } from "../experiments/compare-result.js";
import { budgetChart } from "./budget-chart.js";
import { cheapestTable } from "./cheapest-table.js";
import { type CompareTableOptions, compareTable } from "./compare-table.js";
import { headline } from "./headline.js";
import { mainMetrics } from "./main-metric.js";
import { typesetMetric } from "./metric-title.js";
import { formatEstimate, formatSignificant } from "./number-format.js";
import { pathsChart } from "./paths-chart.js";
import { prose, type Report, type ReportSection } from "./report.js";
import { reportTitle } from "./report-title.js";
import { runLabel } from "./run-label.js";
import { samplesChart } from "./samples-chart.js";
import { workPrecisionChart } from "./work-precision-chart.js";

/** The report of `compare`: answer, work–precision chart, table, samples, paths, error budget. */
export function compareReport(result: CompareResult, panels: ComparePanels, options: CompareTableOptions = {}): Report {
  const budget = budgetChart(result);
  const cheapest = cheapestTable(result);
  const sections: (ReportSection | null)[] = [
    {
      heading: "Error against cost",
      blocks: [
        prose(setting(result)),
        {
          kind: "chart",
          name: "work-precision",
          spec: workPrecisionChart(result),
          description: `Error against score evaluations, both logarithmic. ${headline(result)}.`,
        },
        ...failures(result),
      ],
    },
    cheapest === null
      ? null
      : { heading: "Fewest evaluations for a given error", blocks: [{ kind: "table", table: cheapest }] },
    { heading: "All runs", blocks: [{ kind: "table", table: compareTable(result, options) }] },
    samplesSection(result, panels),
    panels.paths.length === 0
      ? null
      : {
          heading: "Paths",
          blocks: [
            {
              kind: "chart",
              name: "paths",
              spec: pathsChart(panels.paths, panels.marginals === undefined ? {} : { marginals: panels.marginals }),
              description: `Sample paths of ${panels.paths.map(({ label }) => label).join(", ")}, first coordinate, from noise to data.`,
            },
          ],
        },
    budget === null
      ? null
      : {
          heading: "Where the error comes from",
          blocks: [
            prose(
              "Initialisation: the solver started from the prior against the solver started from the exact law at tMax. Discretisation: the solver from that exact start against the exact law at tMin. Truncation: the exact law at tMin against the data. Score, with a model: the solver with the model against the same solver with the exact score, both from the exact start. The largest figure says where the next evaluation is best spent: on steps while discretisation leads, on training once the score does.",
            ),
            {
              kind: "chart",
              name: "error-budget",
              spec: budget,
              description:
                "Initialisation, discretisation, truncation and score errors of each solver against evaluations.",
            },
          ],
        },
  ];
  return {
    title: reportTitle("compare", result),
    answer: `${headline(result)}.`,
    sections: sections.filter((section) => section !== null),
    stamp: result.stamp,
  };
}

function setting(result: CompareResult): string {
  const { exact, sampled, floor } = mainMetrics(result);
  const sentences = ["Every sampler starts from the prior and is measured against the data law."];
  if (exact !== null)
    sentences.push(`Exact ${typesetMetric(exact)} comes from the law of the sampler's output, without sampling.`);
  if (sampled !== null && floor !== null) {
    const name = typesetMetric(sampled);
    sentences.push(
      `Two sets of exact samples of the size used are themselves ${formatEstimate(floor)} apart in ${name}: sampled figures near this floor cannot tell solvers apart.`,
    );
  }
  return sentences.join(" ");
}

function failures(result: CompareResult): ReportSection["blocks"] {
  const failed = result.runs.filter(({ status }) => status !== "success");
  if (failed.length === 0) return [];
  const names = failed.map(
    (run) => `${runLabel(run)}${run.steps === null ? "" : ` with ${run.steps} steps`} (${run.status})`,
  );
  return [prose(`Left out of the charts, as they did not end in success: ${names.join(", ")}.`)];
}

function samplesSection(result: CompareResult, { truth, samples }: ComparePanels): ReportSection | null {
  if (truth === null || samples.length === 0) return null;
  const { name } = mainMetrics(result);
  const errors = samples.map((panel) => ({ panel, error: errorOf(panelRun(result, panel), result) }));
  const known = errors.filter((entry): entry is { panel: SamplePanel; error: number } => entry.error !== null);
  known.sort((a, b) => a.error - b.error);
  const [nearest, farthest] = [known[0], known.at(-1)];
  const title =
    nearest === undefined || farthest === undefined || nearest === farthest
      ? {}
      : {
          title: `Nearest to the data: ${costText(nearest.panel)}; farthest: ${costText(farthest.panel)}`,
        };
  const note = (panel: SamplePanel) => {
    const error = errorOf(panelRun(result, panel), result);
    return error === null ? undefined : `${typesetMetric(name)} ${formatSignificant(error, 3)}`;
  };
  return {
    heading: truth.dimension === 1 ? "Densities" : "Samples",
    blocks: [
      {
        kind: "chart",
        name: "samples",
        spec: samplesChart(truth, samples, { ...title, note }),
        description: `Output of ${samples.map(({ label }) => label).join(", ")} against the exact density of the data.`,
      },
    ],
  };
}

function panelRun(result: CompareResult, panel: SamplePanel): CompareRun | undefined {
  return result.runs.find(
    (run) => runLabel(run) === panel.label && Math.abs(run.evaluations - panel.evaluations) < 0.5,
  );
}

function errorOf(run: CompareRun | undefined, result: CompareResult): number | null {
  if (run === undefined) return null;
  const { exact, name } = mainMetrics(result);
  const law = exact === null ? null : (run.exact?.[exact] ?? null);
  return law ?? run.metrics[name]?.value ?? null;
}

function costText({ label, evaluations }: SamplePanel): string {
  return `${label} with ${Math.round(evaluations)} evaluations`;
}
