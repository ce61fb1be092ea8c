import type { ProfileId } from "../kernel/ids.ts";

/** A rest that an older agent, or we, gave a profile after failures. Milliseconds since 1970. */
export interface Cooldown {
  readonly profileId: ProfileId;
  readonly kind: "cooldown" | "disabled";
  readonly reason?: string;
  readonly untilMs: number;
  readonly origin: "legacy" | "signalbox";
}
