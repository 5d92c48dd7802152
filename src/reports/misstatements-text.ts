import { styleText } from "node:util";
import type { MisstatementsResult } from "../experiments/refute-misstatements.js";
import { formatSignificant } from "./number-format.js";
import type { Report } from "./report.js";
import { boundText } from "./verdict-table.js";
import { wrapWords } from "./wrap-words.js";

/** Each claim, what is true, and the figure that refutes it, as text. */
export function misstatementsText(
  { misstatements }: MisstatementsResult,
  { colour = false, width = Number.POSITIVE_INFINITY } = {},
): string {
  const paint = (format: "bold" | "green" | "red", text: string) =>
    colour ? styleText(format, text, { validateStream: false }) : text;
  return misstatements
    .map(({ claim, truth, counterexample }) => {
      const holds = counterexample.verdict === "pass";
      const verdict = holds ? "refuted" : "NOT REFUTED";
      const sentences = [
        `${verdict}: ${counterexample.claim}`,
        `figure ${formatSignificant(counterexample.figure, 4)}, bound ${boundText(counterexample)} - ${counterexample.reason}`,
        `true instead: ${truth}`,
      ].flatMap((text) => wrapWords(text, width - 2, { indent: 2 }).map((line) => `  ${line}`));
      return [
        ...wrapWords(`“${claim}”`, width).map((line) => paint("bold", line)),
        ...sentences.map((line) => line.replace(`  ${verdict}:`, `  ${paint(holds ? "green" : "red", verdict)}:`)),
      ].join("\n");
    })
    .join("\n\n")
    .concat("\n");
}

/** The same as a page. */
export function misstatementsReport({ misstatements, stamp, passed }: MisstatementsResult): Report {
  return {
    title: "score-sde verify: common misstatements and what refutes them",
    answer: passed
      ? `All ${misstatements.length} claims are refuted by a figure.`
      : "Some counterexamples did not come out: see the table.",
    stamp,
    sections: [
      {
        heading: "Claims",
        blocks: [
          {
            kind: "table",
            table: {
              columns: ["claim", "counterexample", "figure", "bound", "true instead"].map((title) => ({
                title,
                align: "left" as const,
              })),
              rows: misstatements.map(({ claim, truth, counterexample }) => ({
                cells: [
                  { text: claim },
                  { text: counterexample.claim },
                  { text: formatSignificant(counterexample.figure, 4) },
                  { text: boundText(counterexample) },
                  { text: truth },
                ],
              })),
            },
          },
        ],
      },
    ],
  };
}
