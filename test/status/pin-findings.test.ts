import { describe, expect, test } from "vitest";
import { checkCode } from "../../src/status/check.ts";
import { CONFIG, HOUR, keyOf, NOW, storeOf, tokenOf } from "../credentials/open-facts.ts";
import { statusOf } from "./status-of.ts";

const config = (primary: string, ...fallbacks: string[]) => ({ agents: { defaults: { model: { primary, fallbacks } } } });
const store = storeOf(
  { "groq:a": keyOf("groq", "gsk-a"), "groq:left-out": keyOf("groq", "gsk-b"), "groq:spent": tokenOf("groq", NOW - HOUR), "zai:z": keyOf("zai") },
  { order: { groq: ["groq:a"] } },
);

/** The first model's state, what is said of it, and the exit code of `--check`. */
function seen(primary: string, ...fallbacks: string[]): unknown[] {
  const report = statusOf({ config: config(primary, ...fallbacks), store });
  return [
    report.chain[0]?.readiness,
    report.problems.filter(({ severity }) => severity === "error").map(({ message }) => message),
    checkCode(report, "in-use"),
  ];
}

describe("a model that names its account", () => {
  test("which is gone has nobody to ask: one error with its place and the accounts that there are", () => {
    const report = statusOf({ config: config("groq/llama@groq:gone"), store });
    expect(report.chain[0]).toMatchObject({ readiness: "missing", detail: "no profile groq:gone" });
    expect(report.problems.filter(({ severity }) => severity === "error")).toEqual([
      {
        code: "CREDENTIAL_MISSING",
        severity: "error",
        subject: "groq:gone",
        message: "the default model is to be asked with groq:gone alone, and there is no such account",
        hint: 'Write another account after the "@", or none. Accounts of groq: groq:a, groq:left-out, groq:spent.',
        file: CONFIG,
        line: 5,
        column: 9,
      },
    ]);
    expect(checkCode(report, "in-use")).toBe(1);
  });

  test("which a list leaves out is asked all the same, as the router does", () => {
    expect(seen("groq/llama@groq:left-out")).toEqual(["ready", [], 0]);
  });

  test("which another provider owns, or which is past its end, is not asked", () => {
    expect(seen("groq/llama@zai:z")).toEqual(["missing", ["the default model is to be asked with zai:z alone, and that belongs to zai"], 1]);
    expect(seen("groq/llama@groq:spent")).toEqual(["expired", ["the default model is to be asked with groq:spent alone, and that expired 1h ago"], 1]);
  });

  test("is told for each of the chain, and not again as a provider without a credential", () => {
    const report = statusOf({ config: config("openai/gpt@openai:x", "openai/mini@openai:y") });
    expect(report.problems.map(({ message, hint }) => [message, hint])).toEqual([
      ["the default model is to be asked with openai:x alone, and there is no such account", 'Store that account, or leave out "@openai:x".'],
      ["fallback 1 is to be asked with openai:y alone, and there is no such account", 'Store that account, or leave out "@openai:y".'],
    ]);
  });

  test("and is kept out by an allowlist is not asked anyway", () => {
    const { agents } = config("groq/llama", "groq/other@groq:gone");
    const allowing = { agents: { defaults: { ...agents.defaults, modelPolicy: { allow: ["groq/llama"] } } } };
    expect(statusOf({ config: allowing, store }).problems.filter(({ subject }) => subject === "groq:gone")).toEqual([]);
  });
});
