import type { Host } from "../../kernel/host.ts";
import type { Credential } from "../profile.ts";
import { isSameLogin } from "../secret-text.ts";
import type { FreshCredential, OwnLogin } from "./refresh-input.ts";

/** What this process knows of logins beyond what is stored, each by the key of its credential. */
export interface LoginMemory {
  /** Renewals under way. */
  readonly flights: Map<string, Promise<FreshCredential>>;
  /** New tokens that no disk took, with those that they replace. */
  readonly unsaved: Map<string, { readonly replaces: OwnLogin; readonly renewed: OwnLogin }>;
  /** What became of tokens that callers may hold for long: those that are over, and what took their place. */
  readonly latest: Map<string, { readonly over: readonly Credential[]; readonly now: OwnLogin }>;
  /** Until when tokens last by a clock that nobody sets. */
  readonly ends: Map<string, { readonly credential: Credential; readonly untilMonotonicMs: number }>;
  /** Before when nobody tries again, by the same clock. */
  readonly pauses: Map<string, number>;
  /** From 0 to 1: how much earlier than others this process renews it. */
  readonly spreads: Map<string, number>;
}

const memories = new WeakMap<Host, LoginMemory>();

export function memoryOf(host: Host): LoginMemory {
  const known = memories.get(host);
  if (known !== undefined) return known;
  const memory: LoginMemory = { flights: new Map(), unsaved: new Map(), latest: new Map(), ends: new Map(), pauses: new Map(), spreads: new Map() };
  memories.set(host, memory);
  return memory;
}

export function spreadOf(host: Host, key: string): number {
  const { spreads } = memoryOf(host);
  const spread = spreads.get(key) ?? host.random();
  spreads.set(key, spread);
  return spread;
}

/** What took the place of the tokens that the caller holds, as far as this process knows; else what the caller holds. */
export function newerOf(host: Host, key: string, held: OwnLogin): OwnLogin {
  const known = memoryOf(host).latest.get(key);
  return known?.over.some((credential) => isSameLogin(credential, held.credential)) === true ? known.now : held;
}

const REMEMBERED = 20;

export function rememberNewer(host: Host, key: string, held: OwnLogin, now: OwnLogin): void {
  const { latest } = memoryOf(host);
  if (isSameLogin(held.credential, now.credential)) return;
  latest.set(key, { over: [...(latest.get(key)?.over ?? []), held.credential].slice(-REMEMBERED), now });
}

/** Whether these very tokens are past their end by the clock that nobody sets. */
export function isOver(host: Host, key: string, credential: Credential): boolean {
  const end = memoryOf(host).ends.get(key);
  return end !== undefined && isSameLogin(end.credential, credential) && host.monotonicMs() >= end.untilMonotonicMs;
}
