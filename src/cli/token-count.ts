import { AppError } from "../kernel/errors.ts";
import type { Option } from "./option.ts";

/** "128k" is 128,000 and "1m" is 1,000,000, so that models of 131,072 and 1,048,576 are among them. */
export function tokenCount(placeholder: string, help: string): Option<number | undefined> {
  const parse = (texts: readonly string[], name: string): number => {
    const [, number, unit = ""] = /^(\d+(?:\.\d+)?)([km]?)$/i.exec((texts.at(-1) ?? "").trim().replaceAll("_", "")) ?? [];
    if (number === undefined)
      throw new AppError("USAGE", `${name} takes a number of tokens; "${texts.at(-1) ?? ""}" is none`, { hint: `For example: ${name} 128k` });
    return Math.round(Number(number) * ({ k: 1000, m: 1_000_000 }[unit.toLowerCase()] ?? 1));
  };
  return { takes: "one", placeholder, help, default: undefined, parse };
}
