import { createRequire } from "node:module";
import { dirname, join } from "node:path";

/** A place that `display` shows things in. */
export interface Output {
  /** Whether pictures and formatted text can be seen there. */
  readonly isRich: boolean;
  /** SVG text. */
  picture(svg: string): void;
  /** Formatted text; a terminal shows it as it is written. */
  markdown(text: string): void;
  /** Plain text with its line ends. */
  text(text: string): void;
}

/** Standard output, for terminals and scripts. */
export const terminalOutput: Output = {
  isRich: false,
  picture: (svg) => write(svg),
  markdown: (text) => write(`${text}\n`),
  text: (text) => write(text),
};

/** The tslab kernel that runs this process, or standard output where there is none. */
export function currentOutput(): Output {
  const kernel = tslabDisplay();
  if (kernel === null) return terminalOutput;
  return {
    isRich: true,
    picture: (svg) => kernel.svg(svg),
    markdown: (text) => kernel.markdown(text),
    text: (text) => write(text),
  };
}

interface TslabDisplay {
  svg(text: string): void;
  markdown(text: string): void;
}

function write(text: string): void {
  process.stdout.write(text);
}

/** The display of the tslab copy whose kernel is loaded: another copy would write nowhere. */
function tslabDisplay(): TslabDisplay | null {
  const require = createRequire(import.meta.url);
  const kernel = Object.keys(require.cache).find((file) => /[\\/]tslab[\\/]dist[\\/]jupyter\.js$/.test(file));
  if (kernel === undefined) return null;
  const tslab: unknown = require(join(dirname(kernel), "public.js"));
  return hasDisplay(tslab) ? tslab.display : null;
}

function hasDisplay(module: unknown): module is { display: TslabDisplay } {
  if (typeof module !== "object" || module === null || !("display" in module)) return false;
  const { display } = module;
  return typeof display === "object" && display !== null && "svg" in display && "markdown" in display;
}
