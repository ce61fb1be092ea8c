import { expect, test } from "vitest";
import { fittingHint, REPLACE_HINT } from "../../src/credentials/replace-hint.ts";
import type { AuthProfile } from "../../src/credentials/profile.ts";
import type { ProviderId } from "../../src/kernel/ids.ts";

const provider = "lab" as ProviderId;
const store = { kind: "store", file: "/s.json", inherited: false } as const;
const login = {} as NonNullable<AuthProfile["login"]>;

test("a new credential goes where the refused one comes from", () => {
  const profiles: Parameters<typeof fittingHint>[1][] = [
    undefined,
    { provider, origin: store },
    { provider, origin: store, login },
    { provider, origin: store, reference: { kind: "env", variable: "MINE" } },
    { provider, origin: { kind: "env", variable: "LAB_API_KEY", setIn: "process" } },
    { provider, origin: { kind: "config", file: "/c.json", place: undefined } },
    { provider, origin: { kind: "given" } },
  ];
  expect(profiles.map((profile) => fittingHint(REPLACE_HINT, profile))).toEqual([
    REPLACE_HINT,
    REPLACE_HINT,
    "Log in again: `{cli} models auth login lab`.",
    "Check that it was not revoked, or set MINE to a new one.",
    "Check that it was not revoked, or set LAB_API_KEY to a new one.",
    "Check that it was not revoked, or put a new one in models.providers.lab.apiKey of the config.",
    "Check that it was not revoked, or give `openSignalbox` a new one.",
  ]);
  expect(fittingHint("Set the clock of this machine.", profiles[4])).toBe("Set the clock of this machine.");
  expect(fittingHint(null, profiles[4])).toBe(null);
});
