import { expect, test } from "vitest";
import { brands } from "../../../../src/brand.ts";
import { main } from "../../../../src/cli/main.ts";
import { AppError } from "../../../../src/kernel/errors.ts";
import { CONFIG, NOW, STORE } from "../../../credentials/open-facts.ts";
import { type FakeMachine, fakeHost } from "../../../support/fake-host.ts";
import { fakeTerminal } from "../../../support/fake-terminal.ts";
import { packaged } from "../../../support/packaged.ts";

const HOUR = 3_600_000;
const FILES = {
  [CONFIG]: "{}",
  [STORE]: JSON.stringify({
    version: 1,
    profiles: { "zai:work": { type: "api_key", provider: "zai", key: "zai-canary0123456789" } },
    usageStats: { "zai:work": { cooldownUntil: NOW + HOUR } },
  }),
};

async function run(machine: FakeMachine, words: string) {
  const host = fakeHost({ packaged, files: FILES, nowMs: NOW, ...machine });
  const terminal = fakeTerminal();
  const exit = await main({ brand: brands.nemo, version: "1.2.3", host, terminal, argv: words.split(" ") });
  return { exit, ...terminal.said, written: [...host.written.keys()] };
}

test("a rest is ended, and the auth store stays as it is", async () => {
  expect(await run({}, "models cooldowns clear --all")).toEqual({
    exit: 0,
    out: "✓ Asked again at once:\n  zai:work (unknown)\nNothing rests.\n",
    err: "",
    written: ["/home/me/.nemo/signalbox/state.json"],
  });
});

test.each([
  ["FILE_READ_ONLY", 77],
  ["FILE_WRITE_FAILED", 74],
  ["LOCK_HELD", 75],
] as const)("what cannot be written down is the failure that it is: %s", async (code, exit) => {
  const writeFailure = new AppError(code, "the file stays as it is", { hint: "Correct the folder." });
  const ran = await run({ writeFailure }, "models cooldowns clear --all --json");
  expect([ran.exit, ran.written, JSON.parse(ran.out)]).toEqual([
    exit,
    [],
    { error: { code, message: "the file stays as it is", hint: "Correct the folder." } },
  ]);
});
