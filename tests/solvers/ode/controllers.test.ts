import { describe, expect, it } from "vitest";
import { hairerController, pidController, scipyController } from "../../../solvers/ode/controllers.js";
import { hairerInitialStep, insideInitialStep, scipyInitialStep } from "../../../solvers/ode/initial-step.js";

const memory = new Float64Array(4);
// Powers are taken as exp(e log x): 1e-14 relative.
const close = (got: number, wanted: number): void => {
  expect(Math.abs(got / wanted - 1)).toBeLessThan(1e-13);
};

describe("scipy's controller", () => {
  const controller = scipyController()(4);
  const factor = (error: number, accepted: boolean, after = false) =>
    controller.factor(error, accepted, after, memory, 0);

  it("is 0.9 error^(-1/5) within 0.2 and 10", () => {
    close(factor(0.5, true), 0.9 * 0.5 ** -0.2);
    close(factor(7, false), 0.9 * 7 ** -0.2);
    expect(factor(0, true)).toBe(10);
    expect(factor(1e-9, true)).toBe(10);
    expect(factor(1e9, false)).toBe(0.2);
    expect(factor(Number.POSITIVE_INFINITY, false)).toBe(0.2);
    close(scipyController()(2).factor(0.5, true, false, memory, 0), 0.9 * 0.5 ** (-1 / 3));
  });

  it("does not grow after a rejection, may shrink", () => {
    expect(factor(0.01, true, true)).toBe(1);
    close(factor(0.99, true, true), 0.9 * 0.99 ** -0.2);
  });

  it("accepts errors below 1 alone", () => {
    expect([0, 0.999999, 1, 1.5].map((error) => controller.accepts(error))).toEqual([true, true, false, false]);
  });
});

describe("Hairer's controller", () => {
  const controller = hairerController()(4);

  it("is 0.9 error^-(1/5 - 0.75 β) errorBefore^β, the error before at least 1e-4", () => {
    controller.begin(memory, 1);
    expect(memory[1]).toBe(1e-4);
    close(controller.factor(0.3, true, false, memory, 1), 0.9 * 0.3 ** -0.17 * 1e-4 ** 0.04);
    expect(memory[1]).toBe(0.3);
    close(controller.factor(0.02, true, false, memory, 1), 0.9 * 0.02 ** -0.17 * 0.3 ** 0.04);
    controller.factor(1e-7, true, false, memory, 1);
    expect(memory[1]).toBe(1e-4);
  });

  it("shortens a rejected step without the error before, and keeps it", () => {
    memory[0] = 0.5;
    close(controller.factor(5, false, false, memory, 0), 0.9 * 5 ** -0.17);
    close(controller.factor(1e12, false, false, memory, 0), 0.2);
    close(controller.factor(Number.POSITIVE_INFINITY, false, false, memory, 0), 0.2);
    expect(memory[0]).toBe(0.5);
  });

  it("keeps within 0.2 and 10, within 1 after a rejection, and accepts 1", () => {
    memory[0] = 1;
    close(controller.factor(0, true, false, memory, 0), 10);
    expect(controller.factor(1e-3, true, true, memory, 0)).toBe(1);
    expect(controller.accepts(1)).toBe(true);
    expect(controller.accepts(1.0000001)).toBe(false);
    expect(controller.endStretch).toBe(1.01);
  });
});

describe("Söderlind's controller", () => {
  const gains = { integral: 0.3, proportional: 0.4, derivative: 0.05 };
  const controller = pidController(gains)(4);

  it("takes the exponents −(kI + kP + kD), kP + 2 kD, −kD over q + 1 on the last three accepted errors", () => {
    controller.begin(memory, 0);
    close(controller.factor(0.5, true, false, memory, 0), 0.9 * 0.5 ** -0.2);
    close(controller.factor(0.25, true, false, memory, 0), 0.9 * 0.25 ** -0.2);
    close(controller.factor(3, false, false, memory, 0), 0.9 * 3 ** -0.2);
    close(controller.factor(0.4, true, false, memory, 0), 0.9 * 0.4 ** -0.15 * 0.25 ** 0.1 * 0.5 ** -0.01);
  });

  it("is the elementary controller for the gains (1, 0, 0)", () => {
    const elementary = pidController({ integral: 1, proportional: 0, derivative: 0 })(2);
    elementary.begin(memory, 2);
    for (const error of [0.5, 0.01, 0.9, 0.3]) {
      close(elementary.factor(error, true, false, memory, 2), Math.min(10, 0.9 * error ** (-1 / 3)));
    }
  });

  it("survives errors of zero and infinity", () => {
    controller.begin(memory, 0);
    for (let i = 0; i < 4; i++) expect(controller.factor(0, true, false, memory, 0)).toBeLessThanOrEqual(10);
    expect(controller.factor(Number.POSITIVE_INFINITY, false, false, memory, 0)).toBe(0.2);
    expect(controller.factor(0.5, true, true, memory, 0)).toBeLessThanOrEqual(1);
  });
});

describe("first step", () => {
  it("by hand: y' = -y, y(0) = 1, tolerances 1e-3, q = 4", () => {
    // scale 2e-3, so d0 = d1 = 500; h0 = 0.01; f(y1) - f(y0) = 0.01 → d2 = 500; h1 = (0.01/500)^(1/5).
    expect(scipyInitialStep.probe(500, 500, 10)).toBe(0.01);
    close(scipyInitialStep.first(500, 500, 0.01, 4, 10), 2e-5 ** 0.2);
    close(scipyInitialStep.first(500, 800, 0.01, 4, 10), (0.01 / 800) ** 0.2);
  });

  it("without size or slope it starts at 1e-6", () => {
    expect(scipyInitialStep.probe(0, 3, 10)).toBe(1e-6);
    expect(scipyInitialStep.probe(3, 0, 10)).toBe(1e-6);
    expect(hairerInitialStep.probe(1e-5, 3, 10)).toBe(1e-6);
    expect(scipyInitialStep.first(0, 0, 1e-6, 4, 10)).toBe(1e-6);
    expect(scipyInitialStep.first(0, 0, 0.1, 4, 10)).toBe(1e-4);
  });

  it("is at most 100 probes and the interval; only scipy's probe may pass the end", () => {
    close(scipyInitialStep.first(1e-9, 1e-9, 1e-6, 4, 10), 1e-4);
    expect(scipyInitialStep.first(1e-3, 1e-3, 1, 4, 0.25)).toBe(0.25);
    expect(scipyInitialStep.probe(500, 1, 2)).toBe(5);
    expect(insideInitialStep.probe(500, 1, 2)).toBe(2);
    expect(hairerInitialStep.probe(500, 1, 2)).toBe(2);
  });

  it("a probe that leaves the domain says nothing about the curvature", () => {
    for (const d2 of [Number.NaN, Number.POSITIVE_INFINITY]) {
      close(scipyInitialStep.first(500, d2, 0.01, 4, 10), 2e-5 ** 0.2);
    }
  });
});
