import { UsageError } from "../../solvers/errors.js";

/** The user's constants, each a finite number. */
export function constantsOf(value: unknown): Readonly<Record<string, number>> {
  if (typeof value !== "object" || value === null) {
    throw new UsageError(`custom: constants must be numbers by name, but got ${String(value)} - write { a: 2 }, say.`);
  }
  const constants: Record<string, number> = {};
  for (const [name, number] of Object.entries(value)) {
    if (typeof number !== "number" || !Number.isFinite(number)) {
      throw new UsageError(
        `custom: constants must be finite numbers, but got ${name} = ${String(number)} - correct it.`,
      );
    }
    constants[name] = number;
  }
  return constants;
}

/** The one pair of formulas that is given. */
export function textsOf(
  given: Readonly<Record<string, unknown>>,
): { alpha: string; sigma: string } | { drift: string; diffusion: string } {
  const names = ["alpha", "sigma", "drift", "diffusion"].filter((name) => given[name] !== undefined);
  const text = (name: string) => {
    const value = given[name];
    if (typeof value === "number") return String(value);
    if (typeof value === "string" && value.trim() !== "") return value;
    throw new UsageError(`custom: ${name} must be a formula such as 'exp(-t^2)', but got ${JSON.stringify(value)}.`);
  };
  if (names.join() === "alpha,sigma") return { alpha: text("alpha"), sigma: text("sigma") };
  if (names.join() === "drift,diffusion") return { drift: text("drift"), diffusion: text("diffusion") };
  throw new UsageError(
    `custom: the formulas must be alpha and sigma, or drift and diffusion, but got ${names.length === 0 ? "none" : names.join(", ")} - give one of the two pairs.`,
  );
}
