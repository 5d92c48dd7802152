import { afterAll, describe, expect, it } from "vitest";
import { type FunctionSpec, sizeOf, type TensorSpec, type Values } from "../../../src/engine/index.js";
import { kernelRules } from "../../../src/engine/onnx/rules/all-rules.js";
import { enginesHere } from "../engines-here.js";
import { spread } from "../test-functions.js";
import { type RuleCase, ruleCases } from "./rule-cases.js";

const engines = await enginesHere(["cpu", "onnx", "wasm", "tensorflow"]);
const [cpu, ...others] = engines;
afterAll(() => Promise.all(engines.map((engine) => engine.dispose())));

/** Unit roundoff of float32. */
const unit = 2 ** -24;

/** Polynomials of the runtime and of TensorFlow.js stay within this many units (erf of TensorFlow.js: 1.5e-7, 2.5 units). */
const elementary = 16;

function specOf(rule: RuleCase, seed: number): FunctionSpec {
  let state = seed * 7919 + 13;
  const pick = (low: number, high: number): number => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return low + ((state >>> 16) % (high - low + 1));
  };
  const inputs = rule.shapes(pick).map((shape, index): TensorSpec => {
    return { name: `x${index}`, shape, dtype: rule.integers?.[index] === undefined ? "float32" : "int32" };
  });
  const build: FunctionSpec["build"] = (tf, tensors) => {
    const result = rule.build(tf, tensors);
    return Array.isArray(result) ? result : [result];
  };
  return { name: `${rule.kernel} ${rule.label ?? ""}`, inputs, build };
}

function inputsOf(rule: RuleCase, spec: FunctionSpec, seed: number): Values[] {
  const [low, high] = rule.domain ?? [-2, 2];
  return spec.inputs.map(({ shape }, index) => {
    const values = spread(sizeOf(shape), seed * 31 + index);
    const bound = rule.integers?.[index];
    if (bound !== undefined)
      return Int32Array.from(values, (value) => Math.min(bound - 1, Math.floor((bound * (value + 1)) / 2)));
    return values.map((value) => low + ((high - low) * (value + 1)) / 2);
  });
}

it("every kernel rule has a case", () => {
  expect([...new Set(ruleCases.map(({ kernel }) => kernel))].sort()).toEqual([...kernelRules.keys()].sort());
});

describe.each(others)("every kernel of $name against the cpu backend", (engine) => {
  it.each(ruleCases.map((rule) => [`${rule.kernel} ${rule.label ?? ""}`, rule] as const))("%s", async (_name, rule) => {
    for (const seed of [1, 2]) {
      const spec = specOf(rule, seed);
      const inputs = inputsOf(rule, spec, seed);
      const oracle = await cpu!.compile(spec);
      const program = await engine.compile(spec);
      expect(program.outputs).toEqual(oracle.outputs);
      const [wanted, got] = [await oracle.run(inputs), await program.run(inputs)];
      const largest = Math.max(1, ...inputs.flatMap((values) => Array.from(values, Math.abs)));
      const terms = rule.terms ?? 1;
      for (const [index, expected] of wanted.entries()) {
        // Each side rounds every one of `terms` products and partial sums: both are within terms²·u·max² of the exact value.
        const summing = terms > 1 ? 2 * terms * terms * unit * largest * largest : 0;
        expected.forEach((value, at) => {
          const bound = summing + elementary * (rule.condition ?? 1) * unit * Math.max(1, Math.abs(value));
          const actual = got[index]![at]!;
          const close = Object.is(value, actual) || value === actual || Math.abs(actual - value) <= bound;
          if (!close)
            expect.fail(
              `output ${index}[${at}]: ${actual}, but the oracle gives ${value} (bound ${bound}, seed ${seed})`,
            );
        });
      }
      await Promise.all([oracle.dispose(), program.dispose()]);
    }
  });
});
