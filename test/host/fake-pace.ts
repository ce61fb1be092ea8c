import type { Pace } from "../../src/host/pace.ts";

/** Time that passes only when somebody waits. `meanwhile` happens during each wait, with the time at its end. */
export function fakePace(meanwhile: (nowMs: number) => void = () => undefined): Pace & { readonly waits: number[] } {
  let nowMs = 0;
  const waits: number[] = [];
  return {
    waits,
    nowMs: () => nowMs,
    wait: async (ms) => {
      waits.push(ms);
      nowMs += ms;
      meanwhile(nowMs);
    },
  };
}
