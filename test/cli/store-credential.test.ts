import { describe, expect, test } from "vitest";
import type { RunLimits } from "../../src/kernel/host.ts";
import { paste, STORE } from "./commands/models/auth/pasting.ts";

const KEY = "gsk_canary9876543210";
const COMMAND = "models auth paste-api-key --provider groq --from keyring:signalbox/groq";
const LATER = '{"version":2,"profiles":{}}';

/** A keychain in memory. */
function keychain(takesOut: "takes out" | "keeps for ever") {
  const kept = new Map<string, string>();
  const run = (_command: string, args: readonly string[], { input = "" }: Partial<RunLimits> = {}) => {
    const place = args.slice(-3).join("/");
    if (args[0] === "store") kept.set(place, input);
    if (args[0] === "clear" && takesOut === "takes out") kept.delete(place);
    const secret = args[0] === "lookup" ? kept.get(place) : "";
    return secret === undefined ? { exitCode: 1, stdout: "", stderr: "" } : { exitCode: 0, stdout: secret, stderr: "" };
  };
  return { kept, run };
}

describe("a key that goes into the keychain, with a store that takes no account", () => {
  test("does not stay in the keychain, where nothing would refer to it", async () => {
    const { kept, run } = keychain("takes out");
    const { exit, err, ran } = await paste({ run, stdin: KEY, files: { [STORE]: LATER } }, COMMAND);
    expect([exit, [...kept]]).toEqual([65, []]);
    expect(ran.map((words) => words.split(" ")[1])).toContain("store");
    expect(err).not.toContain("still");
  });

  test("is named where the keychain does not give it up", async () => {
    const { kept, run } = keychain("keeps for ever");
    const { exit, err } = await paste({ run, stdin: KEY, files: { [STORE]: LATER } }, COMMAND);
    expect([exit, [...kept.values()]]).toEqual([65, [KEY]]);
    expect(err.replace(/\s+/g, " ")).toContain("The secret is still at keyring:signalbox/groq: take it out there.");
    expect(err).not.toContain("canary");
  });

  test("that was there before stays there", async () => {
    const { kept, run } = keychain("takes out");
    run("secret-tool", ["store", "--label=x", "service", "signalbox", "account", "groq"], { input: KEY });
    const { exit } = await paste({ run, files: { [STORE]: LATER } }, COMMAND);
    expect([exit, [...kept.values()]]).toEqual([65, [KEY]]);
  });
});
