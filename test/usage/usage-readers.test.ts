import { readdirSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { createRegistry } from "../../src/provider/registry.ts";
import { builtinVendors } from "../../src/providers/index.ts";
import { USAGE_READERS } from "../../src/usage/usage-readers.ts";
import { fixture } from "./fixture.ts";

const recorded = readdirSync(new URL("../fixtures/usage/", import.meta.url)).map((file) => fixture(file.replace(".json", "")));

describe("the table of vendors", () => {
  test("every fact says where and on which day it was read", () => {
    const bad = USAGE_READERS.filter(({ source }) => !source.url.startsWith("https://") || !/^\d{4}-\d\d-\d\d$/.test(source.checkedOn));
    expect(bad).toEqual([]);
    expect(recorded.filter(({ url, checkedOn }) => !url.startsWith("https://") || !/^\d{4}-\d\d-\d\d$/.test(checkedOn))).toEqual([]);
  });

  test("every reader belongs to a vendor that we know, and no vendor has two", () => {
    const registry = createRegistry(builtinVendors, []);
    const ids = USAGE_READERS.flatMap(({ providers }) => providers);
    expect(ids.filter((id) => registry.get(registry.idOf(id))?.provider.id !== id)).toEqual([]);
    expect(new Set(ids).size).toBe(ids.length);
  });

  test("every address was recorded with an answer", () => {
    const asked = recorded.map(({ request }) => request);
    const missing = USAGE_READERS.filter(({ address, method = "GET" }) => !asked.some((one) => one.startsWith(`${method} `) && one.endsWith(address.path)));
    expect(missing.map(({ providers }) => providers[0])).toEqual([]);
  });

  test("what no vendor documents is called so", () => {
    const unofficial = USAGE_READERS.filter(({ isOfficial }) => !isOfficial).flatMap(({ providers }) => providers);
    expect(unofficial).toEqual(["anthropic", "openai-codex", "github-copilot", "zai", "zhipuai", "kimi-coding"]);
  });

  test("nobody's program is imitated", () => {
    const named = USAGE_READERS.flatMap(({ headers = {} }) => Object.keys(headers)).filter((name) => /user-agent|editor/i.test(name));
    expect(named).toEqual([]);
  });
});
