import { readFileSync } from "node:fs";

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
