import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { type Phases, startPhases } from "../../src/host/phases.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.restoreAllMocks().useRealTimers());

const DEADLINES = { connectMs: 10, firstByteMs: 20, idleMs: 30, totalMs: 100 };
const caller = new AbortController().signal;
const reasonOf = ({ signal }: Phases): unknown => (signal.aborted ? [(signal.reason as Error).name, (signal.reason as { phase?: string }).phase] : undefined);

describe("the clock that passes is named", () => {
  test.each([
    ["connect", 10, () => undefined],
    ["first_byte", 20, (phases: Phases) => phases.sent()],
    [
      "idle",
      30,
      (phases: Phases) => {
        phases.sent();
        phases.answered();
      },
    ],
  ])("%s after %i ms", (phase, ms, reach) => {
    const phases = startPhases(DEADLINES, caller);
    reach(phases);
    vi.advanceTimersByTime(ms - 1);
    expect(reasonOf(phases)).toBe(undefined);
    vi.advanceTimersByTime(1);
    expect(reasonOf(phases)).toEqual(["TimeoutError", phase]);
  });

  test("each piece winds up the idle clock, and the whole ends all the same", () => {
    const phases = startPhases(DEADLINES, caller);
    phases.sent();
    phases.answered();
    for (let i = 0; i < 4; i++) {
      vi.advanceTimersByTime(24);
      phases.heard();
    }
    expect(reasonOf(phases)).toBe(undefined);
    vi.advanceTimersByTime(4);
    expect(reasonOf(phases)).toEqual(["TimeoutError", "total"]);
  });

  test.each([
    ["total", 80],
    ["idle", 60],
  ])("of two that had passed when the process came to look, the earlier one is named: %s", (phase, lastHeardMs) => {
    const phases = startPhases(DEADLINES, caller);
    phases.sent();
    phases.answered();
    for (let atMs = 20; atMs <= lastHeardMs; atMs += 20) {
      vi.advanceTimersByTime(20);
      phases.heard();
    }
    const muchLater = process.hrtime();
    vi.spyOn(process, "hrtime").mockReturnValue([muchLater[0] + 1, muchLater[1]]);
    vi.runOnlyPendingTimers();
    expect(reasonOf(phases)).toEqual(["TimeoutError", phase]);
  });

  test("where the whole is shorter than a phase, the phase in which it passes is named", () => {
    const phases = startPhases({ ...DEADLINES, connectMs: 1000, totalMs: 5 }, caller);
    vi.advanceTimersByTime(5);
    expect(reasonOf(phases)).toEqual(["TimeoutError", "connect"]);
  });
});

test("a caller that leaves ends the call with the caller's reason, and a call that is over hears nothing more", () => {
  const leaving = new AbortController();
  const [open, over] = [startPhases(DEADLINES, leaving.signal), startPhases(DEADLINES, leaving.signal)];
  over.end();
  leaving.abort("gone");
  vi.advanceTimersByTime(1000);
  expect([open.signal.reason, over.signal.aborted]).toEqual(["gone", false]);
  expect(startPhases(DEADLINES, leaving.signal).signal.reason).toBe("gone");
});
