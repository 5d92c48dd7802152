/** Okabe and Ito's palette, distinct to colour-blind readers; its yellow is left out, too faint on white. */
export const OKABE_ITO = {
  black: "#000000",
  orange: "#E69F00",
  skyBlue: "#56B4E9",
  green: "#009E73",
  blue: "#0072B2",
  vermilion: "#D55E00",
  purple: "#CC79A7",
} as const;

/** How a solver is drawn in every chart: colour and mark together are its own. */
export interface SolverStyle {
  readonly colour: string;
  /** A Vega symbol name. */
  readonly shape: string;
}

const STYLES: Readonly<Record<string, SolverStyle>> = {
  em: { colour: OKABE_ITO.orange, shape: "circle" },
  "reverse-diffusion": { colour: OKABE_ITO.orange, shape: "square" },
  ancestral: { colour: OKABE_ITO.green, shape: "diamond" },
  ddpm: { colour: OKABE_ITO.blue, shape: "diamond" },
  "stochastic-heun": { colour: OKABE_ITO.blue, shape: "triangle-up" },
  "exponential-em": { colour: OKABE_ITO.purple, shape: "triangle-down" },
  pc: { colour: OKABE_ITO.purple, shape: "diamond" },
  "ode-euler": { colour: OKABE_ITO.purple, shape: "square" },
  "ode-heun": { colour: OKABE_ITO.green, shape: "triangle-up" },
  "ode-rk4": { colour: OKABE_ITO.black, shape: "square" },
  rk45: { colour: OKABE_ITO.black, shape: "circle" },
  rk23: { colour: OKABE_ITO.black, shape: "triangle-down" },
  ddim: { colour: OKABE_ITO.skyBlue, shape: "circle" },
  dpm2: { colour: OKABE_ITO.green, shape: "circle" },
  dpm3: { colour: OKABE_ITO.green, shape: "square" },
  "dpm++2s": { colour: OKABE_ITO.vermilion, shape: "triangle-down" },
  "dpm++2m": { colour: OKABE_ITO.vermilion, shape: "square" },
  "dpm++3m": { colour: OKABE_ITO.vermilion, shape: "diamond" },
  "dpm++2m-sde": { colour: OKABE_ITO.vermilion, shape: "circle" },
  "sa-solver": { colour: OKABE_ITO.purple, shape: "circle" },
  unipc: { colour: OKABE_ITO.purple, shape: "triangle-up" },
  deis: { colour: OKABE_ITO.blue, shape: "circle" },
  lms: { colour: OKABE_ITO.blue, shape: "square" },
  sra1: { colour: OKABE_ITO.orange, shape: "triangle-up" },
  shark: { colour: OKABE_ITO.orange, shape: "diamond" },
  "edm-heun": { colour: OKABE_ITO.blue, shape: "triangle-down" },
};

const COLOURS = Object.values(OKABE_ITO);
const SHAPES = ["circle", "square", "diamond", "triangle-up", "triangle-down"] as const;

/** Colour and mark of a solver by name; a solver of the user's own gets a fixed pair from the letters of its name. */
export function solverStyle(solver: string): SolverStyle {
  const known = Object.hasOwn(STYLES, solver) ? STYLES[solver] : undefined;
  if (known !== undefined) return known;
  let hash = 0;
  for (const character of solver) hash = (hash * 31 + (character.codePointAt(0) ?? 0)) >>> 0;
  return { colour: COLOURS[hash % COLOURS.length]!, shape: SHAPES[(hash >>> 8) % SHAPES.length]! };
}

/** Solvers with a style of their own. */
export const STYLED_SOLVERS: readonly string[] = Object.keys(STYLES);
