import { describe, expect, it } from "vitest";
import { lineWidth, wantsColour } from "../../src/cli/console.js";
import { catalogue } from "../../src/experiments/catalogue.js";
import { catalogueText } from "../../src/reports/catalogue-text.js";

describe("colours", () => {
  it.each([
    [{}, true, true],
    [{}, false, false],
    [{ NO_COLOR: "1" }, true, false],
    [{ NO_COLOR: "" }, true, true],
    [{ TERM: "dumb" }, true, false],
    [{ TERM: "xterm-256color" }, true, true],
    [{ FORCE_COLOR: "1" }, false, true],
    [{ FORCE_COLOR: "0" }, true, false],
    [{ FORCE_COLOR: "1", NO_COLOR: "1" }, false, true],
  ] as const)("%o on a terminal (%s): %s", (env, isTerminal, expected) => {
    expect(wantsColour(env, isTerminal)).toBe(expected);
  });
});

describe("width", () => {
  it("is the terminal's, 80 where it has none, COLUMNS or 120 elsewhere", () => {
    expect(lineWidth({ COLUMNS: "40" }, { isTTY: true, columns: 93 })).toBe(93);
    expect(lineWidth({}, { isTTY: true, columns: 0 })).toBe(80);
    expect(lineWidth({ COLUMNS: "90" }, {})).toBe(90);
    expect(lineWidth({ COLUMNS: "wide" }, {})).toBe(120);
    expect(lineWidth({}, {})).toBe(120);
  });
});

describe("lists", () => {
  const escapes = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m`, "g");

  it.each([60, 80, 120, 200])("fit %d columns, in short and in detail, with every name and option", (width) => {
    for (const detailed of [false, true]) {
      const text = catalogueText(catalogue(), { width, detailed });
      for (const line of text.split("\n")) expect(line.length).toBeLessThanOrEqual(width);
      for (const { entries } of catalogue()) {
        for (const { name, options } of entries) {
          expect(text).toContain(name);
          for (const option of options) expect(text).toContain(option.name);
        }
      }
    }
  });

  it("say the same with colours", () => {
    for (const detailed of [false, true]) {
      const plain = catalogueText(catalogue(), { width: 80, detailed });
      const coloured = catalogueText(catalogue(), { width: 80, detailed, colour: true });
      expect(coloured).not.toBe(plain);
      expect(coloured.replace(escapes, "")).toBe(plain);
    }
  });
});
