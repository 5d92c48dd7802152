import type { SamplePanel } from "../experiments/compare-result.js";
import type { TourPictures, TourProcess } from "../experiments/tour-result.js";
import { type Line, lineChart } from "./line-chart.js";
import { formatSignificant } from "./number-format.js";
import { pathsChart } from "./paths-chart.js";
import { prose, type ReportBlock, type ReportChart } from "./report.js";
import { samplesChart } from "./samples-chart.js";

/** One process with its pictures. */
export interface Leg {
  readonly process: TourProcess;
  readonly pictures: TourPictures;
  readonly name: string;
}

/** A process's name as part of a file's. */
export function fileName(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]+/g, "-");
}

/** Output of every solver with the exact and with the learned score. */
export function samplesBlock({ name, process, pictures }: Leg): ReportBlock {
  const { exact, learned } = pictures;
  const errors = new Map<SamplePanel, number | null>();
  const labelled = (which: "exact" | "learned") =>
    pictures[which].samples.map((panel, i): SamplePanel => {
      const shown = { ...panel, label: `${panel.label}, ${which} score` };
      errors.set(shown, process[which][i]?.exact?.w2 ?? null);
      return shown;
    });
  const panels = [...labelled("exact"), ...labelled("learned")];
  const truth = exact.truth ?? learned.truth;
  if (truth === null) return prose(`${name}: no run ended in success.`);
  return {
    kind: "chart",
    name: `samples-${fileName(name)}`,
    description: `Output of ${panels.map(({ label }) => label).join("; ")} against the exact density of the data.`,
    spec: samplesChart(truth, panels, {
      title: `${name}: what the samplers give, above with the exact score, below with the learned one`,
      note: (panel) => {
        const error = errors.get(panels.find(({ label }) => label === panel.label)!);
        return error === null || error === undefined ? undefined : `W₂ ${formatSignificant(error, 3)}`;
      },
    }),
  };
}

/** A coefficient over time, one line for each SDE. */
export function curveChart(
  name: string,
  title: string,
  yTitle: string,
  legs: readonly Leg[],
  which: "driftCoefficient" | "diffusion",
): ReportChart {
  const lines = legs.map(({ name: label, pictures }): Line => ({ label, x: pictures.times, y: pictures[which] }));
  const isPositive = lines.every(({ y }) => Array.from(y).every((value) => value > 0));
  return {
    kind: "chart",
    name,
    description: `${title} over time: ${lines.map(({ label }) => label).join(", ")}.`,
    spec: lineChart({ title, xTitle: "t", yTitle, lines, height: 200, yScale: isPositive ? "log" : "linear" }),
  };
}

/** Error of the learned noise prediction against log-SNR. */
export function scoreErrorChart(legs: readonly Leg[]): ReportChart {
  const worst = ({ name, process: { training } }: Leg) => {
    const { logSnr } = training.scoreError.reduce((most, one) => (one.value > most.value ? one : most));
    return `λ = ${formatSignificant(logSnr, 2).replace("-", "−")} (${name})`;
  };
  return {
    kind: "chart",
    name: "score-error",
    description: "Root mean square error of the learned noise prediction against log-SNR, one line for each SDE.",
    spec: lineChart({
      title: `The learned noise prediction is most wrong at ${legs.map(worst).join(", ")}`,
      subtitle: "root mean square of σ (learned − exact score) over p at each time, by quadrature",
      xTitle: "log-SNR λ = ln(α/σ), noise on the left, data on the right",
      yTitle: "error of the noise prediction",
      yScale: "log",
      height: 240,
      lines: legs.map(({ name, process: { training } }) => ({
        label: name,
        x: training.scoreError.map(({ logSnr }) => logSnr).reverse(),
        y: training.scoreError.map(({ value }) => value).reverse(),
      })),
    }),
  };
}

/** Exact and learned score at the time where the learned one is worst. */
export function scoreChart({ name, pictures: { score } }: Leg): ReportChart {
  const at = formatSignificant(score.t, 2);
  return {
    kind: "chart",
    name: `score-${fileName(name)}`,
    description: `Exact and learned score times σ under ${name} at t = ${at}.`,
    spec: lineChart({
      title: `${name}: both scores at t = ${at}, where the learned one is worst`,
      xTitle: "x",
      yTitle: "σ · score",
      height: 220,
      lines: [
        { label: "exact", x: score.x, y: score.exact },
        { label: "learned", x: score.x, y: score.learned },
      ],
    }),
  };
}

/** A few paths with the exact score, and with the learned one. */
export function pathsBlock({ name, pictures }: Leg): ReportBlock[] {
  const { exact, learned } = pictures;
  const panels = [
    ...exact.paths.map((panel) => ({ ...panel, label: `${panel.label}, exact score` })),
    ...learned.paths.map((panel) => ({ ...panel, label: `${panel.label}, learned score` })),
  ];
  if (panels.length === 0) return [];
  return [
    {
      kind: "chart",
      name: `paths-${fileName(name)}`,
      description: `Sample paths under ${name}: ${panels.map(({ label }) => label).join("; ")}.`,
      spec: pathsChart(panels, {
        title: `${name}: the same noise, led by the exact and by the learned score`,
        ...(exact.marginals === undefined ? {} : { marginals: exact.marginals }),
      }),
    },
  ];
}

/** What the reverse SDE would generate in infinitely many steps with either score. */
export function generatedChart({ name, process, pictures }: Leg): ReportChart {
  const { exact, learned } = pictures.generated;
  const { truth } = pictures.exact;
  const shown = truth !== null && truth.dimension === 1 ? truth : null;
  const w2 = (which: "exact" | "learned") => formatSignificant(process.generated[which].w2, 2);
  const within = ({ x, density }: typeof exact) => {
    const kept = Array.from(x.keys()).filter(
      (i) => shown === null || (x[i]! >= shown.x[0]! && x[i]! <= shown.x.at(-1)!),
    );
    return { x: kept.map((i) => x[i]!), y: kept.map((i) => density[i]!) };
  };
  return {
    kind: "chart",
    name: `generated-${fileName(name)}`,
    description: `Densities that the reverse-time equation gives under ${name} with the exact and with the learned score.`,
    spec: lineChart({
      title: `${name}: without steps the exact score leaves W₂ ${w2("exact")}, the learned one ${w2("learned")}`,
      xTitle: "x",
      yTitle: "density",
      height: 220,
      lines: [
        ...(shown === null ? [] : [{ label: "data", x: shown.x, y: shown.density, colour: "#8a8a8a" }]),
        { label: "exact score", ...within(exact) },
        { label: "learned score", ...within(learned) },
      ],
    }),
  };
}
