import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, it } from "vitest";

it("the generated gradients are those of the installed TensorFlow.js", async () => {
  const script = fileURLToPath(new URL("../../src/engine/gradients/generate.mjs", import.meta.url));
  await expect(promisify(execFile)(process.execPath, [script, "--check"])).resolves.toMatchObject({ stderr: "" });
});
