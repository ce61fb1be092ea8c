import { expect, test } from "vitest";
import { firstThatWorks, isOtherNode, runRig } from "./rig.ts";

/** A part of the calls: the whole sweeps, every scene and every code at every call, are `npm run soak:calls`. */
const EVERY = ["--every", "3"];
const canTrace =
  firstThatWorks("faults at every system call", [["strace", "-o", "/dev/null", "-e", "trace=openat", "-e", "inject=openat:error=EIO:when=9999"]]) !== undefined;
const SCENES = isOtherNode ? ["store, dead lock and dead breaker"] : ["store", "store, dead lock", "store, dead lock and dead breaker", "config"];
const TIMEOUT_MS = 600_000;

test.skipIf(!canTrace)("killed at file system calls, an update leaves the old or the new content, and holds nobody up", { timeout: TIMEOUT_MS }, async () => {
  const { code, findings } = await runRig("kill-sweep", ...EVERY, "--scenes", SCENES.join(";"));
  expect(findings).toEqual(
    SCENES.map((scene) => ({
      title: `kill -9 at every call, ${scene}`,
      isGood: true,
      result: { planned: expect.any(Number), fired: expect.any(Number), corrupt: 0, lost: 0, stuck: 0, junk: 0, unequal: 0 },
      note: expect.any(String),
    })),
  );
  expect(findings.map(({ result }) => result["fired"])).toEqual(findings.map(({ result }) => result["planned"]));
  expect(code).toBe(0);
});

test.skipIf(!canTrace)(
  "where file system calls fail, once or from there on, the content is whole and the error is one of ours",
  { timeout: TIMEOUT_MS },
  async () => {
    const scenes = isOtherNode ? ["config"] : ["store", "config"];
    const { code, findings } = await runRig("errno-sweep", "--mix", ...EVERY, "--scenes", scenes.join(";"));
    expect(findings).toEqual(
      scenes.map((scene) => ({
        title: `every call fails, ${scene}`,
        isGood: true,
        result: {
          planned: expect.any(Number),
          fired: expect.any(Number),
          damaged: 0,
          untrue: 0,
          unnamed: 0,
          stuck: 0,
          left: 0,
          junk: 0,
          answers: expect.any(Object),
        },
        note: "",
      })),
    );
    expect(findings.map(({ result }) => result["fired"])).toEqual(findings.map(({ result }) => result["planned"]));
    expect(code).toBe(0);
  },
);
