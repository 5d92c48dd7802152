import { expect, it } from "vitest";
import { solvers } from "../../solvers/registry.js";
import { catalogue } from "../../src/experiments/catalogue.js";
import { CERTIFICATES } from "../../src/experiments/certificates.generated.js";
import { converge } from "../../src/experiments/converge.js";
import { CONVERGE_DEFAULTS } from "../../src/experiments/converge-config.js";
import { catalogueText } from "../../src/reports/catalogue-text.js";
import { vp } from "../../src/sdes/index.js";
import { gaussian } from "../../src/targets/index.js";

it("are what converge measures now, for the solvers certified with its default steps", async () => {
  const target = gaussian({ mean: 0.7, standardDeviation: 0.5 });
  const chosen = Object.keys(CERTIFICATES).filter((name) => CERTIFICATES[name]!.endsWith("vp, uniform, 80–640 steps"));
  expect(chosen.length).toBeGreaterThan(8);
  const { rows } = await converge({ sde: vp(), target, solvers: chosen, steps: CONVERGE_DEFAULTS.steps });
  expect(Object.fromEntries(rows.map(({ solver, statement }) => [solver, statement]))).toEqual(
    Object.fromEntries(chosen.map((name) => [name, CERTIFICATES[name]])),
  );
});

it("certify the declared order of solvers that exist, and list shows them", () => {
  for (const [name, statement] of Object.entries(CERTIFICATES)) {
    const solver = solvers.find((one) => one.name === name);
    expect(statement).toMatch(new RegExp(`^certified ${solver?.order}( \\(strong\\))?,`));
  }
  // All that run on a grid and have an order.
  const ordered = solvers.filter(({ name, order }) => order > 0 && !/^rk\d/.test(name)).map(({ name }) => name);
  expect(Object.keys(CERTIFICATES)).toEqual(ordered);
  const text = catalogueText(catalogue().slice(0, 1), { width: 300, detailed: true });
  expect(text).toContain(`order ${CERTIFICATES["ode-heun"]}`);
  const [, ofCorrector = ""] = text.split("\npc: ");
  expect(ofCorrector).toMatch(/^.*\n {2}no order: a bias stays however small the steps, 2 evaluations per step/);
});
