import type { LookupFunction } from "node:net";
import { describe, expect, test } from "vitest";
import { isBlockedAddress, refuseBlocked, safeLookup } from "../../src/host/blocked-address.ts";

const refused = (written: string): boolean => {
  try {
    refuseBlocked(new URL(`http://${written}/v1`).hostname);
    return false;
  } catch (thrown) {
    return (thrown as NodeJS.ErrnoException).code === "EHOSTUNREACH";
  }
};

describe("an address at which nobody serves models is refused however it is written", () => {
  test.each([
    ["169.254.169.254", "169.254.169.254.", "169.254.43518", "169.16689662", "2852039166", "0xa9fea9fe", "0xA9FEA9FE", "025177524776"],
    ["0xa9.0xfe.0xa9.0xfe", "0251.0376.0251.0376", "169.254.0xa9fe", "169.254.169.0376", "\u2460\u2465\u2468.254.169.254", "169\u3002254\u3002169\u3002254"],
    ["\uff11\uff16\uff19.254.169.254", "169.254.169.253", "169.254.0.1", "169.254.255.255", "169.254.170.2", "169.254.169.123"],
    [
      "[::ffff:169.254.169.254]",
      "[::ffff:a9fe:a9fe]",
      "[::FFFF:A9FE:A9FE]",
      "[0:0:0:0:0:ffff:a9fe:a9fe]",
      "[64:ff9b::169.254.169.254]",
      "[64:ff9b::a9fe:a9fe]",
    ],
    ["[fd00:ec2::254]", "[fd00:0ec2:0:0:0:0:0:254]", "[fe80::1]", "[FE80::1]", "[febf::1]", "[fe80::a9fe:a9fe]", "[ff02::1]", "[ff00::]"],
    ["100.100.100.200", "0x646464c8", "1684301000", "[::ffff:100.100.100.200]", "224.0.0.1", "239.255.255.255", "255.255.255.255", "4294967295", "0xffffffff"],
    [
      "0.0.0.1",
      "0.1.2.3",
      "0x1",
      "1",
      "metadata",
      "METADATA",
      "metadata.",
      "metadata.google.internal",
      "metadata.google.internal.",
      "Metadata.Google.Internal",
    ],
    ["metadata.azure.com", "metadata.tencentyun.com"],
  ])("%s, …", (...spellings) => {
    expect(spellings.filter((written) => !refused(written))).toEqual([]);
  });

  test("what people do serve models at is none of them", () => {
    const served = [
      "127.0.0.1",
      "localhost",
      "[::1]",
      "0.0.0.0",
      "10.0.0.5",
      "192.168.1.2",
      "172.20.0.3",
      "100.100.100.201",
      "[fd12:3456::1]",
      "[64:ff9b::808:808]",
    ];
    expect([...served, "api.openai.com", "metadata-api.example.com", "my-metadata.example.com", "169-254-169-254.example.com"].filter(refused)).toEqual([]);
  });
});

test.each(["", "not an address", "169.254.169", "::g"])("%j is no address, and none to refuse", (text) => {
  expect(isBlockedAddress(text)).toBe(false);
});

describe("a name", () => {
  const answering =
    (found: string | { address: string; family: number }[]): LookupFunction =>
    (_, __, done) =>
      done(null, found, 4);
  const ask = (lookup: LookupFunction): Promise<unknown> =>
    new Promise((resolve) => lookup("models.example", { all: true }, (error, found) => resolve(error?.code ?? found)));

  test.each([
    ["169.254.169.254", "EHOSTUNREACH"],
    [[{ address: "fd00:ec2::254", family: 6 }], "EHOSTUNREACH"],
    [
      [
        { address: "203.0.113.7", family: 4 },
        { address: "169.254.169.254", family: 4 },
      ],
      "EHOSTUNREACH",
    ],
    ["203.0.113.7", "203.0.113.7"],
  ] as const)("that leads to %j: %j", async (found, expected) => {
    expect(await ask(safeLookup(answering(found as never)))).toEqual(expected);
  });

  test("that leads nowhere is told as the system tells it", async () => {
    const failing: LookupFunction = (_, __, done) => done(Object.assign(new Error("no"), { code: "ENOTFOUND" }), "", 0);
    expect(await ask(safeLookup(failing))).toBe("ENOTFOUND");
  });
});
