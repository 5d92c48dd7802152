import { readFileSync } from "node:fs";
import { cpus } from "node:os";
import type { Stamp } from "./compare-result.js";

export interface StampOptions {
  readonly seed: number;
  readonly config: Readonly<Record<string, unknown>>;
  readonly argv?: readonly string[];
  readonly engine?: string;
  readonly started: Date;
  readonly seconds: number;
}

/** What reproduces a result: versions, machine, seed, configuration, command. */
export function stamp({ seed, config, argv = [], engine = "typescript", started, seconds }: StampOptions): Stamp {
  return {
    version: packageVersion(),
    node: process.version,
    cpu: `${cpus()[0]?.model.trim() ?? "unknown"} × ${cpus().length}`,
    engine,
    seed,
    config,
    argv,
    started: started.toISOString(),
    seconds,
  };
}

/** The version of this package. */
export function packageVersion(): string {
  for (const place of ["../../package.json", "../../../package.json"]) {
    try {
      const parsed: unknown = JSON.parse(readFileSync(new URL(place, import.meta.url), "utf8"));
      if (isPackage(parsed)) return parsed.version;
    } catch {
      // Sources and the built package lie at different depths below package.json.
    }
  }
  return "unknown";
}

function isPackage(value: unknown): value is { name: string; version: string } {
  return (
    typeof value === "object" && value !== null && "name" in value && value.name === "score-sde" && "version" in value
  );
}
