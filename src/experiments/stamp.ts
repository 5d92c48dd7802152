import { cpus } from "node:os";
import type { Stamp } from "./compare-result.js";
import { packageVersion } from "./package-version.js";

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
