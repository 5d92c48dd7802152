import { formatSpec } from "../../solvers/spec.js";
import type { Tour } from "../experiments/tour-result.js";
import { evolutionChart } from "./evolution-chart.js";
import { processNames } from "./process-names.js";
import { prose, type Report, type ReportSection } from "./report.js";
import {
  curveChart,
  fileName,
  generatedChart,
  type Leg,
  pathsBlock,
  samplesBlock,
  scoreChart,
  scoreErrorChart,
} from "./tour-charts.js";
import { tourHeadline } from "./tour-headline.js";
import { tourTable } from "./tour-table.js";
import { processText, trainingText } from "./tour-text.js";
import { verdictHeadline } from "./verdict-headline.js";
import { controlTable, verdictTable } from "./verdict-table.js";

/** The report of `tour`: the table, then each part of the pipeline in its order, then every check. */
export function tourReport({ result, pictures }: Tour): Report {
  const names = processNames(result);
  const legs = result.processes.map((process, i): Leg => ({ process, pictures: pictures[i]!, name: names[i]! }));
  return {
    title: `score-sde tour: ${formatSpec(result.target)} under ${legs.map(({ name }) => name).join(" and ")}`,
    answer: `${tourHeadline(result)}.`,
    stamp: result.stamp,
    sections: [
      {
        heading: "Samplers against the truth",
        blocks: [{ kind: "table", table: tourTable(result) }, ...legs.map(samplesBlock)],
      },
      {
        heading: "Forward: drift and diffusion",
        blocks: [
          prose(
            `The forward SDE dissolves the data into noise. ${legs.map(({ name, process }) => `${name}: ${processText(process)}.`).join(" ")}`,
          ),
          curveChart("drift", "Drift coefficient f of dx = f x dt + g dw", "f(t)", legs, "driftCoefficient"),
          curveChart("diffusion", "Diffusion g of dx = f x dt + g dw", "g(t)", legs, "diffusion"),
          ...legs.flatMap(({ name, pictures: { equation } }) =>
            equation.evolution === null
              ? []
              : [
                  evolutionChart(equation.evolution, {
                    name: `evolution-${fileName(name)}`,
                    title: `${name}: the density through time, solved from the Fokker–Planck equation`,
                  }),
                ],
          ),
        ],
      },
      {
        heading: "Score: learned by denoising score matching",
        blocks: [
          prose(
            `The exact score of the noisy law is known here, so the learned one is held against it. ${legs.map(({ name, process }) => `${name}: ${trainingText(process)}.`).join(" ")}`,
          ),
          scoreErrorChart(legs),
          ...legs.map(scoreChart),
        ],
      },
      {
        heading: "Reverse: paths from noise to data",
        blocks: legs.flatMap(pathsBlock),
      },
      {
        heading: "The Fokker–Planck equation as a judge",
        blocks: [
          prose(
            `The reverse-time equation, solved from the prior with either score, gives the density that the reverse SDE would generate in infinitely many steps. The distance that is left with the learned score is the network's own: no solver can take it away.`,
          ),
          ...legs.map(generatedChart),
        ],
      },
      ...legs.map(verdictSection),
    ],
  };
}

function verdictSection({ name, process: { equation } }: Leg): ReportSection {
  const { checks, controls } = equation;
  return {
    heading: `Every check under ${name}`,
    blocks: [
      prose(`${verdictHeadline(checks, controls)}. Bounds are derived from the error of the measurement itself.`),
      { kind: "table", table: verdictTable(checks) },
      ...(controls.length === 0 ? [] : [{ kind: "table" as const, table: controlTable(controls) }]),
    ],
  };
}
