import { distance } from "fastest-levenshtein";

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
  // Letters and digits count before signs: dpm2m is dpm++2m, not dpm2.
  const near = names
    .map((known) => ({ known, letters: distance(lettersOf(name), lettersOf(known)), all: distance(name, known) }))
    .sort((a, b) => a.letters - b.letters || a.all - b.all)[0];
  const isNear = near !== undefined && near.letters <= Math.max(1, Math.floor(0.4 * near.known.length));
  return isNear ? ` Did you mean '${near.known}'?` : ` Choose one of: ${names.join(", ")}.`;
}

function lettersOf(name: string): string {
  return name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, "");
}
