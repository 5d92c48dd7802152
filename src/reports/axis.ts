/** One axis of a chart: its end points, the ticks that carry labels, and its name with unit. */
export interface Axis {
  readonly type: "log" | "linear";
  readonly domain: readonly [number, number];
  readonly ticks: readonly number[];
  readonly title: string;
}

/** Ticks as tables write numbers, exponents below 1e-4, with a typeset minus. */
const LABEL =
  "replace(abs(datum.value) < 9.99e-5 && datum.value != 0 ? format(datum.value, '~e') : toString(datum.value), regexp('-', 'g'), '−')";

/** Room beyond the outermost values, as a share of the axis length. */
const MARGIN = 0.04;

/** Multipliers of ticks where 1, 2, 5 leave fewer than three. */
const FINE = [1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8];
const FEWEST_TICKS = 3;

/**
 * Axis for positive values: ticks at 1, 2, 5 times powers of ten, at powers of ten alone where those would crowd, between them
 * where they are few.
 */
export function logAxis(values: readonly number[], title: string, mostTicks = 9): Axis {
  const positive = values.filter((value) => Number.isFinite(value) && value > 0);
  const low = positive.length === 0 ? 1 : Math.min(...positive);
  const high = positive.length === 0 ? 10 : Math.max(...positive);
  // One value alone gets a third of a decade on either side.
  const span = Math.max(Math.log10(high / low), 1 / 3);
  const middle = (Math.log10(low) + Math.log10(high)) / 2;
  const domain = [10 ** (middle - span * (0.5 + MARGIN)), 10 ** (middle + span * (0.5 + MARGIN))] as const;
  const stride = Math.ceil((span * (1 + 2 * MARGIN)) / mostTicks);
  const choices = [[1, 2, 5], [1, 3], [1]].map((multipliers) => logTicks(domain, multipliers, 1));
  const usual = choices.find((choice) => choice.length <= mostTicks) ?? logTicks(domain, [1], stride);
  const fine = logTicks(domain, FINE, 1);
  const ticks = usual.length < FEWEST_TICKS && fine.length <= mostTicks ? fine : usual;
  return { type: "log", domain, ticks, title };
}

/** Axis for any values, with round ticks; `fixed` pins the end points. */
export function linearAxis(
  values: readonly number[],
  title: string,
  { mostTicks = 7, fixed }: { mostTicks?: number; fixed?: readonly [number, number] } = {},
): Axis {
  const finite = values.filter((value) => Number.isFinite(value));
  const low = finite.length === 0 ? 0 : Math.min(...finite);
  const high = finite.length === 0 ? 1 : Math.max(...finite);
  const span = high > low ? high - low : Math.abs(high) || 1;
  const domain = fixed ?? ([low - MARGIN * span, (high > low ? high : low + span) + MARGIN * span] as const);
  const raw = (domain[1] - domain[0]) / mostTicks;
  const power = Math.floor(Math.log10(raw));
  const multiplier = [1, 2, 5, 10].find((factor) => Number(`${factor}e${power}`) >= raw) ?? 10;
  const step = Number(`${multiplier}e${power}`);
  const ticks: number[] = [];
  for (let k = Math.ceil(domain[0] / step - 1e-9); k * step <= domain[1] + 1e-9 * step; k++) {
    ticks.push(Number((k * step).toPrecision(12)));
  }
  return { type: "linear", domain, ticks, title };
}

function logTicks([from, to]: readonly [number, number], multipliers: readonly number[], stride: number): number[] {
  const ticks: number[] = [];
  for (let exponent = Math.floor(Math.log10(from)); exponent <= Math.ceil(Math.log10(to)); exponent++) {
    if (exponent % stride !== 0) continue;
    for (const multiplier of multipliers) {
      // Number("2e-5") is the decimal itself; 2 * 10 ** -5 may be its neighbour.
      const tick = Number(`${multiplier}e${exponent}`);
      if (tick >= from && tick <= to) ticks.push(tick);
    }
  }
  return ticks;
}

/** Position of `value` along an axis, 0 at its start and 1 at its end. */
export function axisPosition(value: number, { type, domain: [from, to] }: Axis): number {
  return type === "log" ? Math.log(value / from) / Math.log(to / from) : (value - from) / (to - from);
}

/** Value at a position along an axis; positions outside 0 to 1 continue it. */
export function axisValue(position: number, { type, domain: [from, to] }: Axis): number {
  return type === "log" ? from * (to / from) ** position : from + (to - from) * position;
}

/** A position channel of a chart. */
export interface AxisChannel {
  field: string;
  type: "quantitative";
  scale: { type: "log" | "linear"; domain: number[]; nice: false };
  axis: { values: number[]; labelExpr: string; grid: boolean; title: string | null; labels: boolean; ticks: boolean };
}

/** Which parts of an axis are drawn: inner panels of a grid leave out labels and title. */
export interface AxisParts {
  readonly title?: boolean;
  readonly labels?: boolean;
  readonly grid?: boolean;
}

/** Places `field` along an axis. */
export function axisChannel(
  field: string,
  axis: Axis,
  { title = true, labels = true, grid = true }: AxisParts = {},
): AxisChannel {
  return {
    field,
    type: "quantitative",
    scale: { type: axis.type, domain: [...axis.domain], nice: false },
    axis: { values: [...axis.ticks], labelExpr: LABEL, grid, title: title ? axis.title : null, labels, ticks: labels },
  };
}

/** The plot's size in pixels and its two axes. */
export interface Frame {
  readonly width: number;
  readonly height: number;
  readonly x: Axis;
  readonly y: Axis;
}
