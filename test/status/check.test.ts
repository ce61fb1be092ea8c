import { describe, expect, test } from "vitest";
import { checkCode } from "../../src/status/check.ts";
import { DAY, HOUR, keyOf, NOW, storeOf } from "../credentials/open-facts.ts";
import { entryOf } from "../credentials/refresh/rig.ts";
import { statusOf } from "./status-of.ts";

/** One credential on one machine. Every combination is a row. */
interface Row {
  readonly kind: "api_key" | "token" | "oauth" | "oauth that another program renews" | "oauth that is renewed here" | "none";
  readonly secret: "there" | "blank";
  readonly expiry: "none" | "past" | "within the window" | "later";
  readonly use: "default" | "fallback" | "image" | "image fallback" | "settings only" | "no";
  readonly others: "none" | "a good key" | "an order without it" | "config names another";
  readonly environment: "unset" | "set";
  readonly provider: "plain" | "keyless" | "delegated";
}

const DIMENSIONS: { readonly [K in keyof Row]: readonly Row[K][] } = {
  kind: ["api_key", "token", "oauth", "oauth that another program renews", "oauth that is renewed here", "none"],
  secret: ["there", "blank"],
  expiry: ["none", "past", "within the window", "later"],
  use: ["default", "fallback", "image", "image fallback", "settings only", "no"],
  others: ["none", "a good key", "an order without it", "config names another"],
  environment: ["unset", "set"],
  provider: ["plain", "keyless", "delegated"],
};

const ROWS = product(DIMENSIONS).filter(isPossible);

/** No expiry belongs to a key, and nothing at all to no credential. */
function isPossible({ kind, secret, expiry, others }: Row): boolean {
  if (kind === "none") return secret === "there" && expiry === "none" && others !== "an order without it" && others !== "config names another";
  return kind !== "api_key" || expiry === "none";
}

/** The rule in the words of the contract, written without a look at the code. */
function expected(row: Row): 0 | 1 | 2 {
  const inUse = row.use === "default" || row.use === "fallback" || row.use === "image" || row.use === "image fallback";
  if (!inUse) return 0;
  const excluded = row.others === "an order without it" || row.others === "config names another";
  const ends = row.kind === "token" || row.kind.startsWith("oauth");
  const isRenewed = row.kind === "oauth that another program renews" || row.kind === "oauth that is renewed here";
  const isEmpty = row.secret === "blank" || (row.kind.startsWith("oauth") && row.kind !== "oauth that is renewed here" && row.expiry === "none");
  const answersOtherwise = row.others !== "none" || row.environment === "set" || row.provider !== "plain";
  if (row.kind !== "none" && !excluded && ends) {
    if (isEmpty) return 1;
    if (row.expiry === "past" && !isRenewed) return 1;
  }
  const isThere = row.kind !== "none" && row.secret === "there";
  if (!isThere && !answersOtherwise) return 1;
  if (row.kind !== "none" && !excluded && ends && row.expiry === "within the window" && !isRenewed) return 2;
  return 0;
}

const PROVIDERS = { plain: "openai", keyless: "ollama", delegated: "amazon-bedrock" } as const;
const VARIABLES = { plain: "OPENAI_API_KEY", keyless: "OLLAMA_API_KEY", delegated: "AWS_BEARER_TOKEN_BEDROCK" } as const;
const EXPIRIES = { none: undefined, past: NOW - HOUR, "within the window": NOW + HOUR, later: NOW + 9 * DAY } as const;

function machineOf(row: Row) {
  const provider = PROVIDERS[row.provider];
  const ref = `${provider}/some-model`;
  const credential = credentialOf(row, provider);
  const second = row.others === "none" ? {} : { "the:other": keyOf(provider) };
  const profiles = { ...(credential !== undefined && { "the:one": credential }), ...second, "groq:default": keyOf("groq") };
  const order = row.others === "an order without it" ? { order: { [provider]: ["the:other"] } } : {};
  const auth = row.others === "config names another" ? { auth: { profiles: { "the:other": { provider, mode: "api_key" } } } } : {};
  const env = row.environment === "set" ? { [VARIABLES[row.provider]]: "from-the-environment" } : {};
  return { store: storeOf(profiles, order), env, config: { ...auth, agents: { defaults: defaultsOf(row.use, ref) } } };
}

function credentialOf({ kind, secret, expiry }: Row, provider: string): unknown {
  if (kind === "none") return undefined;
  const text = secret === "there" ? "some-secret" : " ";
  const expires = EXPIRIES[expiry] === undefined ? {} : { expires: EXPIRIES[expiry] };
  if (kind === "api_key") return { type: kind, provider, key: text };
  if (kind === "token") return { type: kind, provider, token: text, ...expires };
  const refresh = kind !== "oauth" && secret === "there" ? "renew" : "";
  const entry = { type: "oauth", provider, access: text, refresh, ...expires };
  return kind === "oauth that is renewed here" ? { ...entry, signalbox: entryOf()["signalbox"] } : entry;
}

function defaultsOf(use: Row["use"], ref: string): unknown {
  const model = { primary: use === "default" ? ref : "groq/llama", fallbacks: use === "fallback" ? [ref] : [] };
  const imageModel = { ...(use === "image" && { primary: ref }), fallbacks: use === "image fallback" ? [ref] : [] };
  return { model, imageModel, ...(use === "settings only" && { models: { [ref]: {} } }) };
}

function product<T extends object>(dimensions: { readonly [K in keyof T]: readonly T[K][] }): T[] {
  return Object.entries<readonly unknown[]>(dimensions).reduce<object[]>(
    (rows, [name, values]) => rows.flatMap((row) => values.map((value) => ({ ...row, [name]: value }))),
    [{}],
  ) as T[];
}

describe("--check", () => {
  test("is tried on thousands of machines of every sort", () => {
    expect(ROWS.length).toBeGreaterThan(3000);
    expect(new Set(ROWS.map(expected))).toEqual(new Set([0, 1, 2]));
  });

  test("says of each what the contract says", () => {
    const wrong = ROWS.filter((row) => checkCode(statusOf(machineOf(row)), "in-use") !== expected(row));
    expect(wrong).toEqual([]);
  });

  test("--check-all also counts profiles of providers that are not in use", () => {
    const used = (row: Row): Row => ({ ...row, use: row.use === "no" || row.use === "settings only" ? "default" : row.use });
    const notUsed = ROWS.filter(({ use }) => use === "no" || use === "settings only");
    const codeOf = (row: Row): number => checkCode(statusOf(machineOf(row)), "all");
    // A provider that is not in use may be without a credential; what it has counts as if it were in use.
    const harmless = (row: Row): Row => ({ ...row, environment: "set" });
    expect(notUsed.filter((row) => codeOf(row) !== expected(used(harmless(row))))).toEqual([]);
  });
});

describe("the window", () => {
  const machine = {
    store: storeOf({ "a:1": { type: "token", provider: "openai", token: "t", expires: NOW + 2 * DAY } }),
    config: { agents: { defaults: { model: { primary: "openai/gpt" } } } },
  };

  test.each([
    [DAY, 0],
    [2 * DAY - 1, 0],
    [2 * DAY, 2],
    [3 * DAY, 2],
    [0, 0],
  ])("of %i ms gives %i for a token that ends in two days", (warnWithinMs, code) => {
    expect(checkCode(statusOf(machine, warnWithinMs), "in-use")).toBe(code);
  });
});

describe("also 1", () => {
  test("on a machine where nothing was set up", () => {
    expect(checkCode(statusOf(), "in-use")).toBe(1);
  });

  test("when a reference of the chain leads nowhere", () => {
    expect(
      checkCode(
        statusOf({ env: { GROQ_API_KEY: "k" }, config: { agents: { defaults: { model: { primary: "groq/llama", fallbacks: ["groqq/llama"] } } } } }),
        "in-use",
      ),
    ).toBe(1);
  });

  test("when the auth store is broken and nothing else answers", () => {
    expect(checkCode(statusOf({ files: { "/home/me/.nemo/agents/main/agent/auth-profiles.json": "{" } }), "in-use")).toBe(1);
  });

  test("is not said of an alias whose provider has a credential", () => {
    expect(
      checkCode(
        statusOf({ env: { GROQ_API_KEY: "k" }, config: { agents: { defaults: { model: { primary: "fast" }, models: { "groq/llama": { alias: "fast" } } } } } }),
        "in-use",
      ),
    ).toBe(0);
  });

  test("is not said of a profile that rests", () => {
    expect(checkCode(statusOf({ store: storeOf({ "a:1": keyOf("anthropic") }, { usageStats: { "a:1": { cooldownUntil: NOW + HOUR } } }) }), "in-use")).toBe(0);
  });
});
