import { SDES } from "./registry.js";
import type { Sde } from "./types.js";

/** What names an SDE, less the options that stand at its registered defaults. */
export function withoutDefaults({ name, options }: Pick<Sde, "name" | "options">): Pick<Sde, "name" | "options"> {
  const defaults = SDES.find((entry) => entry.name === name)?.options ?? {};
  const entries = Object.entries(options).filter(([option, value]) => defaults[option] !== value);
  return { name, options: Object.fromEntries(entries) };
}
