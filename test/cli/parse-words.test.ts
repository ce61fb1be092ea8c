import { expect, test } from "vitest";
import { count, duration, flag, list, text } from "../../src/cli/option.ts";
import { parseWords } from "../../src/cli/parse-words.ts";
import { AppError } from "../../src/kernel/errors.ts";

const options = {
  check: flag("check"),
  probeProfile: list("<id>", "profiles"),
  probeTimeout: count("<ms>", "timeout", 8000),
  warnWithin: duration("window", 86_400_000, "h"),
  provider: text("<id>", "one provider"),
};
const args = [{ name: "ref", help: "a model", optional: true }] as const;

function parse(...words: string[]) {
  return parseWords(words, options, args, "models status");
}

function message(...words: string[]): string {
  try {
    parse(...words);
    return "";
  } catch (thrown) {
    return thrown instanceof AppError ? `${thrown.code}: ${thrown.message}` : String(thrown);
  }
}

test("defaults hold where nothing is given", () => {
  expect({ ...parse() }.given).toEqual({ check: false, probeProfile: [], probeTimeout: 8000, warnWithin: 86_400_000, provider: undefined });
});

test("lists repeat and split at commas; blanks are dropped", () => {
  expect(parse("--probe-profile", "a,b", "--probe-profile", " c ,").given["probeProfile"]).toEqual(["a", "b", "c"]);
});

test("values may follow with a space or an equals sign, and arguments stand anywhere", () => {
  expect(parse("--probe-timeout=500", "x/y", "--check")).toMatchObject({ given: { probeTimeout: 500, check: true }, args: ["x/y"] });
  expect(parse("--warn-within", "1h30m").given["warnWithin"]).toBe(5_400_000);
  expect(parse("--warn-within", "3").given["warnWithin"]).toBe(3 * 3_600_000);
});

test("after -- everything is an argument", () => {
  expect(parse("--", "--check").args).toEqual(["--check"]);
});

test("whatever is wrong is refused with what would be right", () => {
  expect([
    message("--probe-timout", "5"),
    message("--probe-timeout"),
    message("--probe-timeout", "--check"),
    message("--probe-timeout", "0"),
    message("--probe-timeout", "1.5"),
    message("--probe-timeout", "many"),
    message("--check=yes"),
    message("--provider", " "),
    message("--warn-within", "soon"),
    message("a", "b"),
    message("--__proto__", "x"),
    message("-x"),
  ]).toEqual([
    'USAGE: there is no flag --probe-timout. Did you mean "--probe-timeout"?',
    "USAGE: --probe-timeout takes a value: --probe-timeout <ms>",
    "USAGE: --probe-timeout takes a value: --probe-timeout <ms>",
    'USAGE: --probe-timeout takes a whole number of at least 1; "0" is none',
    'USAGE: --probe-timeout takes a whole number of at least 1; "1.5" is none',
    'USAGE: --probe-timeout takes a number; "many" is none',
    "USAGE: --check takes no value",
    "USAGE: --provider takes a value, and the one given is blank",
    'USAGE: --warn-within takes a duration; "soon" is none',
    'USAGE: "b" is one word too many',
    "USAGE: there is no flag --__proto__.",
    "USAGE: there is no flag -x.",
  ]);
});

test("where no command was named, the hint is the program's own help", () => {
  const hint = (path: string): string => {
    try {
      parseWords(["--bogus"], options, [], path);
      return "";
    } catch (thrown) {
      return (thrown as AppError).hint;
    }
  };
  expect([hint(""), hint("models list")]).toEqual(["See `{cli} --help`.", "See `{cli} models list --help`."]);
});

test("a missing argument is named, unless help was asked for", () => {
  const needed = [{ name: "ref", help: "the model to show" }];
  expect(() => parseWords([], {}, needed, "models show")).toThrow("<ref> is missing: the model to show");
  expect(parseWords(["--help"], { help: flag("help") }, needed, "models show").args).toEqual([]);
});

test("where secrets are given, a word that stands where none belongs is not repeated", () => {
  const args = [{ name: "profile-id", help: "the account" }];
  const said = (path: string, ...words: string[]) => {
    try {
      parseWords(words, { provider: text("<id>", "a provider") }, path.endsWith("show") ? args : [], path);
      return "";
    } catch (thrown) {
      const { code, message, hint } = thrown as AppError;
      return `${code}: ${message} ${hint}`;
    }
  };
  const secretive = "it is not repeated here, as it may be a secret";
  for (const words of [["gsk_canary"], ["--provider", "groq", "gsk_canary"], ["--", "-canary"], ["-canary0"], ["--Canary=x"], ["--gsk_canary"]]) {
    expect(said("models auth paste-api-key", ...words)).toMatch(new RegExp(`^USAGE: .*${secretive}`));
    expect(said("models auth paste-api-key", ...words)).not.toMatch(/canary/i);
  }
  expect(said("models auth show", "groq:default", "gsk_canary")).not.toContain("canary");
  expect(said("models auth paste-api-key", "--key=gsk_canary")).toMatch(/^USAGE: there is no flag --key\./);
  expect(said("models list", "canary")).toContain("canary");
});
