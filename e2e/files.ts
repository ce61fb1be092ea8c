import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { expand, pathOf, type Stage } from "./stage.ts";

/** Puts the files of a script in place, private as the agents leave them: folders 0700, files 0600. */
export function writeFiles(stage: Stage, files: ReadonlyMap<string, string>): void {
  for (const [name, text] of files) {
    const path = pathOf(stage, name);
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    writeFileSync(path, fillTimes(stage, text), { mode: 0o600 });
  }
}

const UNITS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** `{{now}}`, `{{now+2h}}`, `{{now-3d}}` become milliseconds since 1970; `{{NAME}}` a variable, since `${…}` belongs to the config format. */
function fillTimes(stage: Stage, text: string): string {
  return text
    .replaceAll(/\{\{now(?:([+-])(\d+)([smhd]))?\}\}/g, (_, sign?: string, count?: string, unit?: string) =>
      String(stage.nowMs + (sign === "-" ? -1 : 1) * Number(count ?? 0) * (UNITS[unit ?? "s"] ?? 0)),
    )
    .replaceAll(/\{\{([A-Z]+)\}\}/g, (_, name: string) => expand(stage, { text: `\${${name}}`, quoted: true }));
}
