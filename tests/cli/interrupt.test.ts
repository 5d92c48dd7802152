import { readdirSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, expect, it, vi } from "vitest";
import { interruptible } from "../../src/cli/interrupt.js";
import { MAIN, runProgram, scratchDirectory } from "./run.js";

const directory = scratchDirectory();

afterEach(() => vi.restoreAllMocks());

it("the first Ctrl-C asks the work to stop, the second ends the process at once", async () => {
  const exit = vi.spyOn(process, "exit").mockImplementation(() => {
    throw new Error("process.exit");
  });
  const before = process.listenerCount("SIGINT");
  const work = interruptible(
    (signal) =>
      new Promise<string>((resolve) => signal.addEventListener("abort", () => setTimeout(resolve, 20, "part"))),
  );
  process.emit("SIGINT");
  expect(exit).not.toHaveBeenCalled();
  expect(() => process.emit("SIGINT")).toThrow("process.exit");
  expect(exit).toHaveBeenCalledWith(130);
  expect(await work).toEqual({ value: "part", interrupted: true });
  expect(process.listenerCount("SIGINT")).toBe(before);
});

it("work without Ctrl-C is not interrupted", async () => {
  expect(await interruptible(async () => 7)).toEqual({ value: 7, interrupted: false });
});

it("an exit while a file is written leaves no part of it", async () => {
  const files = pathToFileURL(join(MAIN, "../../files/index.js")).href;
  const script = `
    import { readdirSync } from "node:fs";
    import { writeFileAtomically } from "${files}";
    writeFileAtomically("${join(directory, "large.bin")}", Buffer.alloc(1e8));
    const wait = () => {
      if (!readdirSync("${directory}").some((name) => name.endsWith(".part"))) return setImmediate(wait);
      console.log("writing");
      process.exit(130);
    };
    wait();`;
  const { code, stdout } = await runProgram(process.execPath, ["--input-type=module", "-e", script]);
  expect({ code, stdout }).toEqual({ code: 130, stdout: "writing\n" });
  expect(readdirSync(directory)).toEqual([]);
});
