import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { chooseAgent } from "../../src/config/agents.ts";
import { loadConfig } from "../../src/config/load.ts";
import type { NewProfile, StoreDraft, StoreEditInput } from "../../src/credentials/store-edit.ts";
import { editStore } from "../../src/credentials/store-edit.ts";
import { toProfileId, toProviderId } from "../../src/kernel/ids.ts";
import { Secret } from "../../src/kernel/secret.ts";
import { type FakeHost, type FakeMachine, fakeHost } from "../support/fake-host.ts";
import { HOME, keyOf, loginOf, NAMES, NOW, STORE, storeOf, tokenOf } from "./open-facts.ts";

const AGENT = `${HOME}/.nemo/agents/main/agent`;
const idOf = (text: string) => toProviderId(text === "z.ai" ? "zai" : text);
const id = toProfileId;

const newKey = (provider: string, key = "sk-new", more: Partial<NewProfile> = {}): NewProfile => ({
  provider: toProviderId(provider),
  credential: { kind: "api_key", key: new Secret(key) },
  ...more,
});

function inputFor(host: FakeHost, more: Partial<StoreEditInput> = {}): StoreEditInput {
  return { host, file: STORE, idOf, command: "models auth add", backup: "previous", ...more };
}

/** One change of one store: what became of the file, and what came back. */
async function edited<T>(store: unknown, change: (draft: StoreDraft) => T, machine: FakeMachine = {}) {
  const text = typeof store === "string" ? store : JSON.stringify(store, null, 2);
  const host = fakeHost({ ...machine, files: { ...(store !== undefined && { [STORE]: text }), ...machine.files } });
  const { kind, result, carriedOver } = await editStore(inputFor(host), change);
  const written = host.written.get(STORE);
  return { kind, result, carriedOver, written, value: written === undefined ? undefined : JSON.parse(written) };
}

async function failing(store: unknown, machine: FakeMachine = {}) {
  const text = typeof store === "string" ? store : JSON.stringify(store, null, 2);
  const host = fakeHost({ ...machine, files: { [STORE]: text, ...machine.files } });
  const error: unknown = await editStore(inputFor(host), (draft) => draft.put(id("openai:new"), newKey("openai"))).catch((thrown: unknown) => thrown);
  const { code, exit, message, facts } = error as { code: string; exit: number; message: string; facts: { place?: unknown; hint: string } };
  return { code, exit, message, place: facts.place, hint: facts.hint, wrote: host.written.size };
}

describe("a new account", () => {
  test("makes a store of its own, whole and indented", async () => {
    const { written, kind, result } = await edited(undefined, (draft) =>
      draft.put(id("openai:work"), newKey("openai", "sk-work", { email: "me@example.com" })),
    );
    expect([kind, result]).toEqual(["written", "added"]);
    expect(written).toBe(
      `${JSON.stringify(
        { version: 1, rev: 1, profiles: { "openai:work": { type: "api_key", provider: "openai", key: "sk-work", email: "me@example.com" } } },
        null,
        2,
      )}\n`,
    );
  });

  test.each<[string, NewProfile, unknown]>([
    [
      "a token with its expiry",
      { provider: toProviderId("zai"), credential: { kind: "token", token: new Secret("t"), expiresAtMs: NOW } },
      { type: "token", provider: "zai", token: "t", expires: NOW },
    ],
    [
      "a login",
      { provider: toProviderId("zai"), credential: { kind: "oauth", access: new Secret("a"), refresh: new Secret("r"), expiresAtMs: NOW } },
      { type: "oauth", provider: "zai", access: "a", refresh: "r", expires: NOW },
    ],
    [
      "a reference, without the secret that it leads to",
      newKey("zai", "sk-elsewhere", { reference: { kind: "exec", command: ["op", "read", "x"] } }),
      { type: "api_key", provider: "zai", ref: 'exec:["op","read","x"]' },
    ],
  ])("%s", async (_, profile, entry) => {
    const { value, written } = await edited(storeOf({}), (draft) => draft.put(id("zai:new"), profile));
    expect(value.profiles).toEqual({ "zai:new": entry });
    expect(written).not.toContain("sk-elsewhere");
  });

  test("goes to the front of the store's order for its provider, whichever way that is spelled", async () => {
    const store = storeOf({ "zai:a": keyOf("zai") }, { order: { "z.ai": ["zai:a"], openai: ["x"] } });
    const { value, result } = await edited(store, (draft) => {
      draft.put(id("zai:b"), newKey("zai"));
      return draft.order(toProviderId("zai"));
    });
    expect(result).toEqual(["zai:b", "zai:a"]);
    expect(value.order).toEqual({ "z.ai": ["zai:b", "zai:a"], openai: ["x"] });
  });

  test("makes no order where there is none", async () => {
    expect((await edited(storeOf({ "zai:a": keyOf("zai") }), (draft) => draft.put(id("zai:b"), newKey("zai")))).value.order).toBeUndefined();
  });

  test("may have any name, also one that is dangerous to other programs", async () => {
    const { value, result } = await edited(storeOf({ constructor: keyOf("zai") }), (draft) => {
      draft.put(id("__proto__"), newKey("openai"));
      return [draft.has(id("__proto__")), draft.has(id("toString")), draft.ids];
    });
    expect(result).toEqual([true, false, ["constructor", "__proto__"]]);
    expect(Object.keys(value.profiles)).toEqual(["constructor", "__proto__"]);
    expect(({} as Record<string, unknown>)["type"]).toBeUndefined();
  });
});

describe("an account that is there", () => {
  const entry = { type: "api_key", metadata: { accountId: "acc" }, provider: "z.ai", key: "sk-old", email: "old@example.com", note: "mine" };

  test("gets another secret and keeps its other fields, in their order", async () => {
    const { value, result } = await edited(storeOf({ "zai:a": entry }), (draft) => draft.put(id("zai:a"), newKey("zai", "sk-new")));
    expect(result).toBe("replaced");
    expect(JSON.stringify(value.profiles["zai:a"])).toBe(JSON.stringify({ ...entry, key: "sk-new" }));
  });

  test("loses its secret when it becomes a reference, and its reference when it gets a secret", async () => {
    const referred = await edited(storeOf({ "zai:a": entry }), (draft) =>
      draft.put(id("zai:a"), newKey("zai", "sk-new", { reference: { kind: "env", variable: "ZAI_KEY" } })),
    );
    expect(referred.value.profiles["zai:a"]).toEqual({
      type: "api_key",
      metadata: { accountId: "acc" },
      provider: "z.ai",
      email: "old@example.com",
      note: "mine",
      ref: "env:ZAI_KEY",
    });
    const stored = await edited(referred.value, (draft) => draft.put(id("zai:a"), newKey("zai", "sk-new")));
    expect(stored.value.profiles["zai:a"]).toMatchObject({ key: "sk-new" });
    expect(stored.value.profiles["zai:a"]).not.toHaveProperty("ref");
  });

  test("keeps nothing when it becomes one of another kind or provider, and changes orders", async () => {
    const store = storeOf({ "x:1": entry }, { order: { zai: ["x:1"], openai: ["openai:a"] } });
    const { value } = await edited(store, (draft) => draft.put(id("x:1"), newKey("openai", "sk-new")));
    expect(value.profiles["x:1"]).toEqual({ type: "api_key", provider: "openai", key: "sk-new" });
    expect(value.order).toEqual({ openai: ["x:1", "openai:a"] });
  });

  test("an old expiry does not count for a new token", async () => {
    const profile = { provider: toProviderId("zai"), credential: { kind: "token" as const, token: new Secret("t") } };
    expect((await edited(storeOf({ "zai:t": tokenOf("zai", NOW) }), (draft) => draft.put(id("zai:t"), profile))).value.profiles["zai:t"]).not.toHaveProperty(
      "expires",
    );
  });

  test("that is broken can be replaced and removed", async () => {
    const store = storeOf({ "openai:a": "not an entry", "openai:b": { type: "magic" } });
    const { value, result } = await edited(store, (draft) => {
      const known = [draft.has(id("openai:a")), draft.providerOf(id("openai:a"))];
      draft.put(id("openai:a"), newKey("openai"));
      return [...known, draft.remove(id("openai:b"))];
    });
    expect(result).toEqual([true, undefined, "removed"]);
    expect(value.profiles).toEqual({ "openai:a": { type: "api_key", provider: "openai", key: "sk-new" } });
  });
});

describe("removing and renaming", () => {
  const store = storeOf(
    { "openai:a": keyOf("openai", "sk-a"), "openai:b": keyOf("openai", "sk-b") },
    {
      order: { openai: ["openai:a", "openai:b"], groq: ["openai:a"] },
      lastGood: { openai: "openai:a", groq: "groq:x" },
      usageStats: { "openai:a": { lastUsed: 1, errorCount: 2 }, "openai:b": { lastUsed: 3 } },
    },
  );

  test("an account that is removed leaves nothing behind", async () => {
    const { value, written, result } = await edited(store, (draft) => [draft.remove(id("openai:a")), draft.remove(id("openai:a"))]);
    expect(result).toEqual(["removed", "absent"]);
    expect(value).toEqual({
      version: 1,
      rev: 1,
      profiles: { "openai:b": keyOf("openai", "sk-b") },
      order: { openai: ["openai:b"] },
      lastGood: { groq: "groq:x" },
      usageStats: { "openai:b": { lastUsed: 3 } },
    });
    expect(written).not.toContain("openai:a");
  });

  test("an account that is renamed keeps its place everywhere", async () => {
    const { value } = await edited(store, (draft) => draft.rename(id("openai:a"), id("openai:work")));
    expect(JSON.stringify(value).replaceAll("openai:work", "openai:a")).toBe(JSON.stringify({ version: 1, rev: 1, ...(store as object) }));
  });

  test("to a name that is taken, or of one that is not there, is refused", async () => {
    const refused = async (from: string, to: string) => {
      const host = fakeHost({ files: { [STORE]: JSON.stringify(store) } });
      const thrown: unknown = await editStore(inputFor(host), (draft) => draft.rename(id(from), id(to))).catch((error: unknown) => error);
      return [(thrown as { code: string; message: string }).code, (thrown as { message: string }).message, host.written.size];
    };
    expect(await refused("openai:a", "openai:b")).toEqual(["PROFILE_EXISTS", 'an account "openai:b" is stored already', 0]);
    expect(await refused("openai:aa", "x")).toEqual(["PROFILE_UNKNOWN", 'no account "openai:aa" is stored. Did you mean "openai:a" or "openai:b"?', 0]);
  });
});

describe("an order", () => {
  const provider = toProviderId("zai");
  const store = storeOf({ "zai:a": keyOf("zai") }, { order: { "Z.AI": ["zai:x"], "z.ai": [" zai:a ", "zai:a", 7], zai: [] } });

  test("is the last that anybody wrote, cleaned", async () => {
    expect((await edited(store, (draft) => draft.order(toProviderId("zai")))).result).toEqual(["zai:a"]);
  });

  test("is written once, and taken out with the section that it leaves empty", async () => {
    const set = await edited(store, (draft) => draft.setOrder(provider, [id("zai:b"), id("zai:a"), id("zai:b")]));
    expect(set.value.order).toEqual({ "Z.AI": ["zai:x"], "z.ai": ["zai:b", "zai:a"] });
    const cleared = await edited(storeOf({}, { order: { zai: ["a"] } }), (draft) => draft.setOrder(provider, undefined));
    expect(cleared.value).toEqual({ version: 1, rev: 1, profiles: {} });
  });
});

describe("what is not changed", () => {
  test("nothing changed, nothing written, and no store is made for it", async () => {
    const look = (draft: StoreDraft): unknown => [draft.ids, draft.remove(id("nobody")), draft.setOrder(toProviderId("zai"), undefined)];
    expect(await edited(storeOf({ "zai:a": keyOf("zai") }), look)).toMatchObject({ kind: "unchanged", written: undefined });
    expect(await edited(undefined, look)).toMatchObject({ kind: "unchanged", written: undefined, carriedOver: [] });
  });

  test("a change that comes to the same is none", async () => {
    const store = storeOf({ "openai:a": { type: "api_key", provider: "openai", key: "sk-same" } });
    expect((await edited(store, (draft) => draft.put(id("openai:a"), newKey("openai", "sk-same")))).kind).toBe("unchanged");
  });

  test("every commit counts one up, from wherever the count stands", async () => {
    const revs = [undefined, 7, "7", -1, 1.5, null].map(async (rev) => {
      const store = { version: 1, ...(rev !== undefined && { rev }), profiles: {} };
      return (await edited(store, (draft) => draft.put(id("openai:a"), newKey("openai")))).value.rev;
    });
    expect(await Promise.all(revs)).toEqual([1, 8, 1, 1, 1, 1]);
  });

  test("numbers that no double holds stay as they are written, in entries and beside them", async () => {
    const number = "12345678901234567890";
    const profile = `"openai:a": { "type": "api_key", "provider": "openai", "key": "sk-a", "metadata": { "account": ${number}, "share": 1e999 } }`;
    const text = `{ "version": 1, "theirs": ${number}, "profiles": { ${profile} } }`;
    const { written } = await edited(text, (draft) => draft.put(id("openai:a"), newKey("openai", "sk-b")));
    expect(written?.match(/"(?:theirs|account|share|key)": .*/g)).toEqual([
      `"theirs": ${number},`,
      '"key": "sk-b",',
      `"account": ${number},`,
      '"share": 1e999',
    ]);
  });

  const isText = (text: string): boolean => !/\p{Surrogate}|\uFFFD/u.test(text);
  const json = fc
    .jsonValue({ maxDepth: 3 })
    .filter((value) => isText(JSON.stringify(value)))
    .map((value) => JSON.parse(JSON.stringify(value)) as unknown);
  const name = fc.string({ unit: "grapheme", minLength: 1, maxLength: 12 }).filter(isText);
  const entries = fc.dictionary(name, json, { maxKeys: 6 });

  test("other entries, and fields that we do not know, come through any change as they were", () => {
    return fc.assert(
      fc.asyncProperty(entries, entries, fc.constantFrom("put", "remove", "rename", "order"), async (others, top, what) => {
        const kept = Object.fromEntries(
          Object.entries(top).filter(([key]) => !["version", "rev", "profiles", "order", "usageStats", "lastGood"].includes(key)),
        );
        const profiles = { ...others, "openai:mine": keyOf("openai") };
        const { value } = await edited({ ...kept, version: 1, profiles }, (draft) => {
          if (what === "put") draft.put(id("openai:new"), newKey("openai"));
          if (what === "remove") draft.remove(id("openai:mine"));
          if (what === "rename") draft.rename(id("openai:mine"), id("openai:renamed"));
          if (what === "order") draft.setOrder(toProviderId("openai"), [id("openai:mine")]);
        });
        const { version, rev, profiles: after, order: _, ...rest } = value;
        const { "openai:mine": __, "openai:new": ___, "openai:renamed": ____, ...othersAfter } = after;
        expect([version, rev]).toEqual([1, 1]);
        expect(JSON.stringify(rest)).toBe(JSON.stringify(kept));
        expect(JSON.stringify(othersAfter)).toBe(JSON.stringify(others));
      }),
      { numRuns: 200 },
    );
  });
});

describe("a store that cannot be used", () => {
  const good = JSON.stringify(
    storeOf({ "openai:a": keyOf("openai", "sk-secret-of-the-store"), "zai:l": loginOf("zai", NOW) }, { order: { openai: ["openai:a"] } }),
    null,
    2,
  );

  test.each<[string, string, unknown[]]>([
    ["is empty", " \n", ["STORE_SYNTAX", 65, { file: STORE, line: 1, column: 1 }]],
    ["has a trailing comma", '{\n  "version": 1,\n  "profiles": {},\n}', ["STORE_SYNTAX", 65, { file: STORE, line: 3, column: 17 }]],
    ["has no profiles", '{ "version": 1 }', ["STORE_SHAPE", 65, { file: STORE, line: 1, column: 1 }]],
    ["is a list", "[]", ["STORE_SHAPE", 65, { file: STORE, line: 1, column: 1 }]],
    ["has accounts that are a list", '{\n  "profiles": [] }', ["STORE_SHAPE", 65, { file: STORE, line: 2, column: 3 }]],
    ["is of a later version", '{ "version": 2, "profiles": {} }', ["STORE_SHAPE", 65, { file: STORE }]],
    ["has a key twice", '{\n  "profiles": {},\n  "theirs": { "a": 1,\n "a": 2 } }', ["STORE_SHAPE", 65, { file: STORE, line: 4, column: 2 }]],
    ["is too large", `"${"x".repeat(1024 * 1024)}"`, ["STORE_UNREADABLE", 65, { file: STORE }]],
  ])("and %s is an error with a place, and is never replaced", async (_, text, expected) => {
    const { code, exit, place, wrote } = await failing(text);
    expect([code, exit, place, wrote]).toEqual([...expected, 0]);
  });

  test("says that its backup can be brought back, where there is one", async () => {
    expect((await failing("{")).hint).toBe("The file is left as it is. Correct it, or move it away and log in again.");
    expect((await failing("{", { files: { [`${STORE}.bak`]: good } })).hint).toContain("{cli} doctor --repair");
  });

  test("cut off at any byte, it is never replaced, and the error names a line", async () => {
    for (let length = 0; length < good.length - 1; length++) {
      const { code, exit, place, wrote, message } = await failing(good.slice(0, length));
      expect([code, exit, wrote, typeof (place as { line?: number } | undefined)?.line]).toEqual(["STORE_SYNTAX", 65, 0, "number"]);
      expect(message).not.toContain("sk-secret");
    }
  });

  test("with any bit flipped so that it is no store any more, it is never replaced, and the error names its place", async () => {
    const bytes = Buffer.from(good);
    const refused = { STORE_SYNTAX: 0, STORE_SHAPE: 0, STORE_UNREADABLE: 0 };
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const flipped = Buffer.from(bytes);
      flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      const host = fakeHost({ files: { [STORE]: flipped.toString("utf8") } });
      const thrown: unknown = await editStore(inputFor(host), (draft) => draft.setOrder(toProviderId("groq"), [id("groq:a")])).then(
        () => undefined,
        (error: unknown) => error,
      );
      if (thrown === undefined) continue;
      const { code, facts } = thrown as { code: keyof typeof refused; facts: { place: { file: string; line?: number } } };
      refused[code] += 1;
      expect([code in refused, host.written.size, facts.place.file]).toEqual([true, 0, STORE]);
      if (code === "STORE_SYNTAX") expect(facts.place.line).toBeGreaterThan(0);
    }
    expect(refused.STORE_SYNTAX).toBeGreaterThan(1000);
    expect(refused.STORE_UNREADABLE).toBeGreaterThan(100);
    expect(refused.STORE_SHAPE).toBeGreaterThan(10);
  });
});

describe("permissions", () => {
  const text = JSON.stringify(storeOf({}));

  test.each<[string, FakeMachine["files"], string]>([
    ["a store", { [STORE]: { text, mode: 0o644 } }, "the auth store can be read or written by other users of this machine (mode 644); nothing was written"],
    [
      "a backup",
      { [`${STORE}.bak`]: { text, mode: 0o640 } },
      "the backup of the auth store can be read or written by other users of this machine (mode 640); nothing was written",
    ],
  ])("%s that others can read is refused with 77 and the command that mends it", async (_, files, message) => {
    const failure = await failing(text, files === undefined ? {} : { files });
    expect(failure).toMatchObject({ code: "STORE_PERMISSIONS", exit: 77, message, wrote: 0 });
    expect(failure.hint).toMatch(/^Run: chmod 600 ~/);
  });

  test("are no matter where the process says that the disk has none", async () => {
    const host = fakeHost({ files: { [STORE]: { text, mode: 0o666 } }, env: { NEMO_ALLOW_INSECURE_PERMS: "1" } });
    const { kind } = await editStore(inputFor(host, { names: NAMES }), (draft) => draft.put(id("openai:a"), newKey("openai")));
    expect(kind).toBe("written");
  });
});

describe("what earlier versions kept", () => {
  const legacy = {
    [`${AGENT}/auth.json`]: JSON.stringify({ openai: { type: "api_key", key: "sk-legacy", note: "kept" }, "z.ai": "broken" }),
    [`${HOME}/.nemo/credentials/oauth.json`]: JSON.stringify({
      openai: { access: "shadowed", refresh: "r", expires: 1 },
      groq: { access: "a", refresh: "r", expires: NOW },
    }),
  };
  const onMachine = async (machine: FakeMachine, agent?: string) => {
    const host = fakeHost(machine);
    const config = loadConfig(host, NAMES);
    const agents = chooseAgent(host, config, NAMES, agent);
    const file = `${agents.chosen.dir}/auth-profiles.json`;
    const { carriedOver } = await editStore(inputFor(host, { file, names: NAMES, config, agents }), (draft) => {
      expect(draft.ids).not.toContain("new:1");
      draft.put(id("new:1"), newKey("openai", "sk-new"));
    });
    return { carriedOver, written: [...host.written.keys()], profiles: JSON.parse(host.written.get(file) ?? "{}").profiles };
  };

  test("is carried over, raw, into a new store, for nobody reads it from then on; and the old files stay", async () => {
    expect(await onMachine({ files: legacy })).toEqual({
      carriedOver: [
        { file: `${AGENT}/auth.json`, ids: ["openai:default", "zai:default"] },
        { file: `${HOME}/.nemo/credentials/oauth.json`, ids: ["groq:default"] },
      ],
      written: [STORE],
      profiles: {
        "openai:default": { type: "api_key", key: "sk-legacy", note: "kept", provider: "openai" },
        "zai:default": "broken",
        "groq:default": { access: "a", refresh: "r", expires: NOW, type: "oauth", provider: "groq" },
        "new:1": { type: "api_key", provider: "openai", key: "sk-new" },
      },
    });
  });

  test("is not carried over into a store that is there", async () => {
    const { profiles, carriedOver } = await onMachine({ files: { ...legacy, [STORE]: JSON.stringify(storeOf({})) } });
    expect([Object.keys(profiles), carriedOver]).toEqual([["new:1"], []]);
  });

  test.each([
    ["cannot be parsed", "{", "STORE_SYNTAX"],
    ["others can read", { text: "{}", mode: 0o644 }, "STORE_PERMISSIONS"],
  ])("and %s stops the new store from being made", async (_, file, code) => {
    await expect(onMachine({ files: { [`${AGENT}/auth.json`]: file } })).rejects.toMatchObject({ code });
  });

  describe("and a secondary agent", () => {
    const config = JSON.stringify({ agents: { list: [{ id: "main" }, { id: "work" }] } });
    const work = `${HOME}/.nemo/agents/work/agent`;
    const files = { [`${HOME}/.nemo/nemo.json`]: config, [`${work}/auth.json`]: JSON.stringify({ openai: { type: "api_key", key: "sk-work" } }) };

    test("gets its own entries alone, never copies of the main agent's", async () => {
      const { profiles, carriedOver } = await onMachine({ files: { ...files, [STORE]: JSON.stringify(storeOf({ "openai:main": keyOf("openai") })) } }, "work");
      expect([profiles, carriedOver]).toEqual([{ "new:1": { type: "api_key", provider: "openai", key: "sk-new" } }, []]);
    });

    test("keeps what counted for it where the main agent has nothing", async () => {
      const { profiles, carriedOver } = await onMachine({ files }, "work");
      expect(Object.keys(profiles)).toEqual(["openai:default", "new:1"]);
      expect(carriedOver).toEqual([{ file: `${work}/auth.json`, ids: ["openai:default"] }]);
    });
  });
});
