import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { TOUR_DEFAULTS } from "../../src/experiments/tour-config.js";
import { createSde } from "../../src/sdes/index.js";
import { createTarget } from "../../src/targets/index.js";
import { exactLaw } from "../../src/verification/exact-law.js";

const page = readFileSync(new URL("../../docs/tour.md", import.meta.url), "utf8");
/** Rows of the printed table: SDE, solver, evaluations, exact W2 with the exact score. */
const rows = [...page.matchAll(/^(vp|ve) +(em|pc|rk45) +(\d+)[\d, ]*? {2,}([\d.]+)/gm)].map(
  ([, sde, solver, evaluations, w2]) => ({ sde: sde!, solver: solver!, evaluations: Number(evaluations), w2: w2! }),
);

describe("the table of the tour, which takes too long to print here", () => {
  it("has every SDE and solver", () => {
    expect(rows.map(({ sde, solver }) => `${sde} ${solver}`)).toEqual(
      TOUR_DEFAULTS.sdes.split(",").flatMap((sde) => TOUR_DEFAULTS.solvers.map((solver) => `${sde} ${solver}`)),
    );
  });

  it.each(rows)("$sde $solver: W2 with the exact score, to the digits printed", async ({ sde: name, solver, w2 }) => {
    const sde = await createSde(name, {});
    const { tolerance, evaluations } = TOUR_DEFAULTS;
    const law = await exactLaw({
      sde,
      target: createTarget(TOUR_DEFAULTS.target, {}),
      ...(solver === "rk45"
        ? { solver: `rk45:rtol=${tolerance},atol=${tolerance}` }
        : { solver, steps: solver === "pc" ? evaluations / 2 : evaluations }),
    });
    expect(law.w2.toPrecision(4)).toBe(Number(w2).toPrecision(4));
  });
});
