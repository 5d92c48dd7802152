import type { CompareResult, ErrorBudget } from "../experiments/compare-result.js";
import { runLabel } from "./run-label.js";

type Part = (typeof PARTS)[number];

const PARTS = ["score", "initialisation", "discretisation", "truncation"] as const;

const PHRASES: Readonly<Record<Part, string>> = {
  score: "the learned score",
  initialisation: "the start from the prior",
  discretisation: "the steps",
  truncation: "the stop at tMin",
};

/** Which part of the error is the largest for the dearest run of each solver, in one sentence. */
export function budgetHeadline(result: CompareResult): string {
  const dearest = new Map<string, { evaluations: number; part: Part }>();
  for (const run of result.runs) {
    if (run.status !== "success" || run.budget === null) continue;
    const part = largestPart(run.budget);
    const known = dearest.get(runLabel(run));
    if (known === undefined || run.evaluations > known.evaluations) {
      dearest.set(runLabel(run), { evaluations: run.evaluations, part });
    }
  }
  const groups = PARTS.flatMap((part) => {
    const labels = [...dearest].filter(([, largest]) => largest.part === part).map(([label]) => label);
    return labels.length === 0 ? [] : [{ part, labels }];
  });
  if (groups.length === 0) return "No error budget is known";
  const start = "Largest part of the error at the highest cost:";
  if (groups.length === 1) return `${start} ${PHRASES[groups[0]!.part]}, for every solver`;
  groups.sort((a, b) => a.labels.length - b.labels.length);
  const parts = groups.map(({ part, labels }) => `${PHRASES[part]} for ${list(labels)}`);
  return `${start} ${parts.join("; ")}`;
}

/** The largest part of a budget. */
export function largestPart(budget: ErrorBudget): keyof ErrorBudget {
  const size = (part: Part) => budget[part] ?? 0;
  return (["discretisation", "truncation", "initialisation", "score"] as const).reduce((largest, part) =>
    size(part) > size(largest) ? part : largest,
  );
}

function list(labels: readonly string[]): string {
  return labels.length > 4 ? `${labels.slice(0, 3).join(", ")} and ${labels.length - 3} others` : labels.join(", ");
}
