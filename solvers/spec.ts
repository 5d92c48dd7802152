import { UsageError } from "./errors.js";
import { valueText } from "./number-text.js";

/** A thing and its options, as written on a command line. */
export interface Spec {
  readonly name: string;
  readonly options: Readonly<Record<string, unknown>>;
}

/**
 * Reads `name` or `name:option=value,option=value`; values are JSON where they parse as JSON, words elsewhere.
 *
 * @throws UsageError where a part is not `option=value`
 */
export function parseSpec(text: string): Spec {
  const colon = text.indexOf(":");
  const name = (colon < 0 ? text : text.slice(0, colon)).trim();
  if (name === "") throw new UsageError(`spec: a name is missing in '${text}' - write name or name:option=value`);
  const rest = colon < 0 ? "" : text.slice(colon + 1).trim();
  const options: Record<string, unknown> = {};
  for (const part of rest === "" ? [] : splitOutsideBrackets(rest)) {
    const equals = part.indexOf("=");
    if (equals < 1) throw new UsageError(`spec: '${part}' in '${text}' is not of the form option=value`);
    const option = part.slice(0, equals).trim();
    if (Object.hasOwn(options, option)) throw new UsageError(`spec: option '${option}' is given twice in '${text}'`);
    options[option] = readValue(part.slice(equals + 1).trim());
  }
  return { name, options };
}

/** Splits a list of specs at the commas that begin a new spec: `em,pc:snr=0.16,order=corrector-first,ddim`. */
export function splitSpecs(text: string): string[] {
  const specs: string[] = [];
  for (const part of splitOutsideBrackets(text)) {
    const continues = part.includes("=") && !/^[^=]*:/.test(part) && specs.at(-1)?.includes(":") === true;
    if (continues) specs[specs.length - 1] += `,${part}`;
    else if (part.trim() !== "") specs.push(part.trim());
  }
  return specs;
}

/** The inverse of `parseSpec`. */
export function formatSpec({ name, options }: Spec): string {
  const text = formatOptions(options);
  return text === "" ? name : `${name}:${text}`;
}

/** The options of a spec, `option=value,option=value`; an empty string for none. */
export function formatOptions(options: Spec["options"]): string {
  return Object.entries(options)
    .filter(([, value]) => value !== null && value !== undefined)
    .map(([option, value]) => `${option}=${typeof value === "string" ? value : valueText(value)}`)
    .join(",");
}

function readValue(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function splitOutsideBrackets(text: string): string[] {
  const parts = [""];
  let depth = 0;
  for (const letter of text) {
    if ("([{".includes(letter)) depth++;
    if (")]}".includes(letter)) depth--;
    if (letter === "," && depth === 0) parts.push("");
    else parts[parts.length - 1] += letter;
  }
  return parts;
}
