import { describe, expect, it } from "vitest";
import { UsageError } from "../../solvers/errors.js";
import { exactScore } from "../../src/scores/exact-score.js";
import { defineModel, guided } from "../../src/scores/index.js";
import { vp } from "../../src/sdes/index.js";
import { toy } from "../../src/targets/index.js";

describe("guidance", () => {
  const sde = vp();
  /** Predicts its condition, or 1 without one. */
  const model = defineModel({
    predicts: "noise",
    dimension: 1,
    sde,
    evaluate({ count, condition }, out) {
      out.fill(typeof condition === "number" ? condition : 1, 0, count);
    },
  });
  const ask = async (guidedModel: ReturnType<typeof guided>, condition?: unknown) => {
    const out = new Float64Array(2);
    await guidedModel.evaluate(
      { x: Float64Array.of(0.5, -2), times: Float64Array.of(0.2, 0.7), count: 2, condition },
      out,
    );
    return [...out];
  };

  it("is unconditional + w (conditional − unconditional)", async () => {
    expect(await ask(guided(model, { w: 1 }), 5)).toEqual([5, 5]);
    expect(await ask(guided(model, { w: 0 }), 5)).toEqual([1, 1]);
    expect(await ask(guided(model, { w: 3 }), 5)).toEqual([13, 13]);
    expect(await ask(guided(model, { w: -0.5, condition: 7 }))).toEqual([-2, -2]);
    const weak = defineModel({ predicts: "noise", dimension: 1, evaluate: (_batch, out) => void out.fill(4) });
    expect(await ask(guided(model, { w: 2, unconditional: weak }), 5)).toEqual([6, 6]);
  });

  it("adds a user's gradient to the score, whatever the model predicts", async () => {
    const target = toy("bimodal");
    const gradient = ({ x }: { x: Float64Array }, out: Float64Array) => void out.set(x.map((value) => 2 * value));
    for (const predicts of ["score", "noise", "data", "velocity"] as const) {
      const base = exactScore(target, sde).as(predicts);
      const combined = guided(base, { gradient, gradientScale: 0.5 }).as("score");
      const plain = exactScore(target, sde);
      const batch = { x: Float64Array.of(0.5, -2), times: Float64Array.of(0.2, 0.7), count: 2 };
      const [with_, without] = [new Float64Array(2), new Float64Array(2)];
      await combined.evaluate(batch, with_);
      await plain.evaluate(batch, without);
      for (let i = 0; i < 2; i++) expect(with_[i]! - without[i]!).toBeCloseTo(batch.x[i]!, 11);
    }
  });

  it("refuses what does not match", () => {
    expect(() => guided(model, { w: Number.NaN })).toThrow(UsageError);
    const other = defineModel({ predicts: "data", dimension: 1, evaluate: () => {} });
    expect(() => guided(model, { w: 2, unconditional: other })).toThrow(/must predict noise/);
    expect(() => guided(other, { gradient: () => {} })).toThrow(/needs the SDE/);
  });
});
