import type { PlantedFaultsResult } from "../experiments/planted-faults.js";
import { missedControls } from "../verification/control.js";
import { prose, type Report } from "./report.js";
import { reportTitle } from "./report-title.js";
import { tablesText } from "./tables-text.js";
import { caughtText } from "./verdict-headline.js";
import { faultTable, verdictTable } from "./verdict-table.js";

/** Each planted fault and what caught it, as text. */
export function plantedFaultsText(
  result: PlantedFaultsResult,
  format: { readonly colour?: boolean; readonly width?: number } = {},
): string {
  return tablesText([faultTable(result.faults)], sentence(result), format);
}

/** The same as a page. */
export function plantedFaultsReport(result: PlantedFaultsResult): Report {
  const { faults, failing, stamp } = result;
  return {
    title: reportTitle("verify --planted", result),
    answer: sentence(result),
    stamp,
    sections: [
      {
        heading: "Planted faults",
        blocks: [
          prose(
            "One thing is made wrong at a time, and the checks that look at it are run: a check that cannot fail shows nothing. Caught is a fault that makes a check fail which holds without it, or changes the figure of one that does not by more than its bound.",
          ),
          { kind: "table", table: faultTable(faults) },
        ],
      },
      ...(failing.length === 0
        ? []
        : [
            {
              heading: "Failing without any fault",
              blocks: [{ kind: "table" as const, table: verdictTable(failing) }],
            },
          ]),
    ],
  };
}

function sentence({ faults, failing }: PlantedFaultsResult): string {
  const missed = missedControls(faults);
  const caught =
    missed.length === 0
      ? `All ${caughtText(faults, "planted faults")}`
      : `${missed.length} of ${faults.length} planted faults were missed: ${missed.map(({ name }) => name).join(", ")}`;
  if (failing.length === 0) return `${caught}; without a fault every check holds.`;
  return `${caught}; without any fault these checks fail, and count where a fault changes their figure by more than their bound: ${failing.map(({ name }) => name).join(", ")}.`;
}
