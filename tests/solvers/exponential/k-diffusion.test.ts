import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { sample } from "../../../src/sampling/sample.js";
import { defineModel } from "../../../src/scores/model.js";
import { edm } from "../../../src/sdes/index.js";

type Options = Readonly<Record<string, number | string>>;

interface Fixture {
  readonly start: readonly number[];
  readonly sigmas: readonly number[];
  /** Of each step. */
  readonly noise: readonly (readonly number[])[];
  readonly runs: readonly { readonly sampler: string; readonly options: Options; readonly end: readonly number[] }[];
}

const fixture: Fixture = JSON.parse(
  readFileSync(new URL("../../fixtures/k-diffusion/runs.json", import.meta.url), "utf8"),
);
const sde = edm();
const model = defineModel({
  sde,
  predicts: "data",
  dimension: 1,
  evaluate({ x, times, count }, out) {
    for (let i = 0; i < count; i++) out[i] = (0.25 * x[i]! + times[i]! ** 2 * 0.7) / (0.25 + times[i]! ** 2);
  },
});

/** What docs/coming-from.md calls the same. */
const HERE: Readonly<Record<string, (options: Options) => string>> = {
  sample_euler: () => "ddim",
  sample_euler_ancestral: ({ eta }) => `ddim:eta=${eta}`,
  sample_heun: ({ s_churn = 0, s_tmax = 100, s_noise = 1 }) =>
    `edm-heun:churn=${s_churn},sMax=${s_tmax},sNoise=${s_noise}`,
  sample_dpm_2: () => "dpm2",
  sample_dpm_2_ancestral: ({ eta }) => `dpm2:eta=${eta}`,
  sample_lms: ({ order = 4 }) => `lms:order=${order}`,
  sample_dpmpp_2s_ancestral: ({ eta }) => `dpm++2s:variant=ancestral,eta=${eta}`,
  sample_dpmpp_sde: ({ eta }) => `dpm++2s:eta=${eta}`,
  sample_dpmpp_2m: () => "dpm++2m",
  // η of the noise's variance there, of its deviation here.
  sample_dpmpp_2m_sde: ({ eta, solver_type }) => `dpm++2m-sde:eta=${Math.sqrt(Number(eta))},variant=${solver_type}`,
};

for (const { sampler, options, end } of fixture.runs) {
  const solver = HERE[sampler]!(options);
  it(`${sampler} ${JSON.stringify(options)} is ${solver}`, async () => {
    const { samples } = await sample({
      sde,
      model,
      solver,
      times: fixture.sigmas,
      samples: fixture.start.length,
      initial: fixture.start,
      noise: (step, _slot, _first, _count, out) => out.set(fixture.noise[step]!),
    });
    // A few dozen roundings of numbers that begin at 80 σ and end near 1.
    for (const [i, value] of end.entries()) expect(Math.abs(samples.data[i]! - value)).toBeLessThan(2e-13);
  });
}
