import { closest, distance } from "fastest-levenshtein";

/** Misuse: a value that cannot be meant. The message names the value, the constraint and the way out. */
export class UsageError extends Error {
  override readonly name: string = "UsageError";
}

/** A solver that needs older states beside the current one met a space that can only keep one. */
export class NotMarkovError extends UsageError {
  override readonly name: string = "NotMarkovError";
}

/** " Did you mean 'x'?" for a name near to one of `names`, otherwise the list of them. */
export function suggestion(name: string, names: readonly string[]): string {
  const near = names.length > 0 ? closest(name.toLowerCase(), [...names]) : "";
  const isNear = near !== "" && distance(name.toLowerCase(), near) <= Math.max(1, Math.floor(0.4 * near.length));
  return isNear ? ` Did you mean '${near}'?` : ` Choose one of: ${names.join(", ")}.`;
}
