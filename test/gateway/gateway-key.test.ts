import { expect, test } from "vitest";
import { mayAsk, readKeyFile, writeKeyFile } from "../../src/gateway/gateway-key.ts";
import { createKey, keyFilePath, openKeyRing, readKeys, revokeKey } from "../../src/gateway/key-file.ts";
import type { ServerMachine } from "../../src/kernel/server-machine.ts";
import { fakeHost } from "../support/fake-host.ts";

const host = () => fakeHost({ files: { "/home/me/.nemo/nemo.json": "{}" } });
const digest = (text: string): string => fakeHost().sha256(text);
const machine = {
  randomToken: (bytes: number) => "r".repeat(bytes),
  digest,
  isSameDigest: (one: string, other: string) => one === other,
} as unknown as ServerMachine;
const file = keyFilePath(host(), "/state");

test("a key is kept as its digest, and found again by it until it is revoked or ends", async () => {
  const own = host();
  const key = await createKey(own, file, { machine, wishes: { name: "a", expiresAtMs: own.nowMs() + 1000 } });
  expect(own.written.get(file)).not.toContain(key);
  const ring = openKeyRing(own, file, machine);
  expect([ring.ownerOf(digest(key))?.name, ring.ownerOf(digest("other")), ring.count]).toEqual(["a", undefined, 1]);
  await own.wait(1000);
  expect(ring.ownerOf(digest(key))).toBe(undefined);
  await expect(createKey(own, file, { machine, wishes: { name: "a" } })).rejects.toMatchObject({ code: "GATEWAY_KEY_EXISTS" });
  await revokeKey(own, file, "a");
  expect(readKeys(own, file).keys).toEqual([]);
  await expect(revokeKey(own, file, "a")).rejects.toMatchObject({ code: "GATEWAY_KEY_UNKNOWN" });
});

test.each(["", "[]", '{"version":2,"keys":[]}', '{"version":1,"keys":[{"name":"a"}]}', '{"version":1,"keys":[{"name":"a","digest":"xyz","createdAtMs":1}]}'])(
  "%j lets nobody in and is not written over",
  async (text) => {
    expect(() => readKeyFile(text, file)).toThrow(expect.objectContaining({ code: "GATEWAY_KEYS_BROKEN" }));
    const own = fakeHost({ files: { [file]: text } });
    const ring = openKeyRing(own, file, machine);
    expect([ring.count, ring.ownerOf(digest("")), ring.fault?.code]).toEqual([0, undefined, "GATEWAY_KEYS_BROKEN"]);
    await expect(createKey(own, file, { machine, wishes: { name: "a" } })).rejects.toMatchObject({ code: "GATEWAY_KEYS_BROKEN" });
    expect(own.written.size).toBe(0);
  },
);

test("a key that was found is refused from the millisecond after it was revoked", async () => {
  const own = host();
  const key = digest(await createKey(own, file, { machine, wishes: { name: "a" } }));
  const ring = openKeyRing(own, file, machine);
  expect([ring.ownerOf(key)?.name, ring.ownerOf(key)?.name]).toEqual(["a", "a"]);
  await own.wait(1);
  await revokeKey(own, file, "a");
  await own.wait(1);
  expect(ring.ownerOf(key)).toBe(undefined);
});

test("what is written is read again", () => {
  const keys = [{ name: "a", digest: "0".repeat(64), createdAtMs: 1, models: ["x/*"], requestsPerMinute: 2, concurrency: 3, expiresAtMs: 4 }];
  expect(readKeyFile(writeKeyFile({ keys }), file)).toEqual({ keys });
});

test.each([
  [undefined, "anything", true],
  [["default"], "default", true],
  [["default"], "defaults", false],
  [["groq/*"], "groq/llama/8b", true],
  [["groq/*"], "agroq/llama", false],
  [["*/llama*8b"], "groq/llama-3-8b", true],
  [["*/llama*8b"], "groq/llama-3-8b-x", false],
  [["a*a"], "a", false],
  [["*"], "", true],
] as const)("%j for %s: %s", (models, word, may) => {
  expect(mayAsk(models === undefined ? {} : { models }, word)).toBe(may);
});
