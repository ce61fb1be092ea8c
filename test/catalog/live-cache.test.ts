import { expect, test } from "vitest";
import { keepList, type KeptList, readKept } from "../../src/catalog/live-cache.ts";
import { fakeHost } from "../support/fake-host.ts";

const STATE = "/home/me/.nemo";
const FILE = `${STATE}/signalbox/live/groq.json`;
const LIST: KeptList = {
  url: "https://groq.example/v1/models",
  account: "groq:work gsk_…0a1b2c",
  takenAtMs: 1000,
  models: [
    {
      id: "a",
      facts: { name: "A", contextTokens: 8192, input: ["text", "image"], tools: true, usdPerMTok: { input: 0, output: 0 }, releasedOn: "2026-01-01" },
    },
    { id: "b", facts: {}, serves: "embeddings" },
  ],
};

test("what was kept is read again as it was", () => {
  const host = fakeHost();
  keepList(host, STATE, "groq", LIST);
  expect([...host.written.keys()]).toEqual([FILE]);
  expect(readKept(host, STATE, "groq")).toEqual(LIST);
  expect(readKept(host, STATE, "openai")).toBeUndefined();
});

test("a provider whose id cannot be the name of a file is not kept", () => {
  const host = fakeHost();
  keepList(host, STATE, "../groq", LIST);
  expect([host.written.size, readKept(host, STATE, "../groq")]).toEqual([0, undefined]);
});

test("what is damaged, of another version or from the future counts for nothing", () => {
  const kept = (text: string): unknown => readKept(fakeHost({ files: { [FILE]: text }, nowMs: 5000 }), STATE, "groq");
  for (const text of [
    "",
    "{",
    "[]",
    "{}",
    JSON.stringify({ v: 2, ...LIST }),
    JSON.stringify({ v: 1, ...LIST, takenAtMs: 6000 }),
    JSON.stringify({ v: 1, ...LIST, models: 1 }),
  ])
    expect(kept(text)).toBeUndefined();
  expect(
    kept(
      JSON.stringify({
        v: 1,
        ...LIST,
        models: [
          { id: "a", facts: { contextTokens: "x", baseUrl: "https://evil.example" } },
          { id: 1, facts: {} },
        ],
      }),
    ),
  ).toMatchObject({
    models: [{ id: "a", facts: {} }],
  });
});
