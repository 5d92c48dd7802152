import { optionsText } from "./run-label.js";

/** A named thing with its options as it is typed: `vp:betaMax=10`. */
export function specText({
  name,
  options,
}: {
  readonly name: string;
  readonly options: Readonly<Record<string, unknown>>;
}): string {
  const text = optionsText(options);
  return text === "" ? name : `${name}:${text}`;
}
