import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { UsageError } from "../../solvers/index.js";
import { formatSpec, parseSpec, splitSpecs } from "../../solvers/spec.js";

describe("parseSpec", () => {
  it.each([
    ["em", { name: "em", options: {} }],
    [" em ", { name: "em", options: {} }],
    ["em:", { name: "em", options: {} }],
    ["em:eta=0.5", { name: "em", options: { eta: 0.5 } }],
    ["pc:predictor=em, snr=0.16", { name: "pc", options: { predictor: "em", snr: 0.16 } }],
    [
      "custom:alpha=exp(-t, 2),sigma=sqrt(1-t)",
      { name: "custom", options: { alpha: "exp(-t, 2)", sigma: "sqrt(1-t)" } },
    ],
    [
      "mixture:means=[[1,2],[3,4]],weights=[0.5,0.5]",
      {
        name: "mixture",
        options: {
          means: [
            [1, 2],
            [3, 4],
          ],
          weights: [0.5, 0.5],
        },
      },
    ],
    ["a:b=true,c=null,d=x=y", { name: "a", options: { b: true, c: null, d: "x=y" } }],
  ])("%s", (text, wanted) => expect(parseSpec(text)).toEqual(wanted));

  it.each([
    ["", "a name is missing"],
    [":eta=1", "a name is missing"],
    ["em:eta", "'eta'"],
    ["em:=1", "option=value"],
    ["em:eta=1,eta=2", "given twice"],
  ])("refuses '%s'", (text, message) => {
    expect(() => parseSpec(text)).toThrow(UsageError);
    expect(() => parseSpec(text)).toThrow(message);
  });

  it("is undone by formatSpec", () => {
    const name = fc.stringMatching(/^[a-z][a-z0-9-]{0,8}$/);
    const value = fc.oneof(
      fc.double({ noNaN: true, noDefaultInfinity: true }).map((x) => x + 0),
      fc.boolean(),
      fc.stringMatching(/^[a-z][a-z-]{0,6}$/).filter((word) => !["true", "false", "null"].includes(word)),
      fc.array(fc.integer(), { minLength: 1, maxLength: 3 }),
    );
    const spec = fc.record({ name, options: fc.dictionary(name, value, { noNullPrototype: true }) });
    fc.assert(
      fc.property(spec, (given) => {
        expect(parseSpec(formatSpec(given))).toEqual(given);
      }),
      { seed: 5, numRuns: 200 },
    );
  });
});

it.each([
  ["em,ddim", ["em", "ddim"]],
  ["em:eta=0.5,ddim", ["em:eta=0.5", "ddim"]],
  ["pc:snr=0.16,order=corrector-first,ddim", ["pc:snr=0.16,order=corrector-first", "ddim"]],
  ["em:eta=0,em:eta=1", ["em:eta=0", "em:eta=1"]],
  ["custom:betas=[1,2],tMax=1, em", ["custom:betas=[1,2],tMax=1", "em"]],
  ["", []],
])("splitSpecs %s", (text, wanted) => expect(splitSpecs(text)).toEqual(wanted));
