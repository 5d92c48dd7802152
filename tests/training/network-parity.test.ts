import { afterAll, describe, expect, it } from "vitest";
import { enginesHere } from "../engine/engines-here.js";
import { compareAlongTraining, NETWORK_CASES, slopeError } from "./network-parity.js";

// `npx tsx bench/parity.ts` does the same at 100 checkpoints.
const engines = await enginesHere();
afterAll(() => Promise.all(engines.map((engine) => engine.dispose())));

describe.each(NETWORK_CASES)("%s of %j, %i classes", (...network) => {
  it("has one loss and one gradient on every engine, along a training run", async () => {
    const { seen } = await compareAlongTraining(engines, network, { checkpoints: 3, between: 6 });
    expect(seen.size).toBe(engines.length - 1);
    for (const { share } of seen.values()) expect(share).toBeLessThan(1);
  });

  it.skipIf(engines.every(({ name }) => name !== "onnx"))("has the slopes of its loss, in float64", async () => {
    expect(await slopeError(network, 3)).toBeLessThan(1e-8);
  });
});
