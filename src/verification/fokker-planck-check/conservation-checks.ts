import { atMost, type Check } from "../check.js";

/** Mass kept by each run, and the least density of all. */
export function conservationChecks(masses: readonly Float64Array[], minimum: number): Check[] {
  const change = masses
    .flatMap((mass) => Array.from(mass, (value) => Math.abs(value - mass[0]!)))
    .reduce((most, value) => Math.max(most, value), 0);
  return [
    atMost(change, 1e-12, {
      name: "mass",
      claim: "no mass appears or disappears (largest change)",
      reason: "rounding of a conservative scheme over all steps",
    }),
    atMost(-minimum, 0, {
      name: "positivity",
      claim: "no density is negative (minus the least)",
      reason: "the scheme is limited to stay positive",
    }),
  ];
}
