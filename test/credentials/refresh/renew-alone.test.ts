import fc from "fast-check";
import { expect, test } from "vitest";
import type { AuthProfile } from "../../../src/credentials/profile.ts";
import { readAuthStore } from "../../../src/credentials/auth-store.ts";
import { freshCredential, refreshAfter401 } from "../../../src/credentials/refresh/fresh-credential.ts";
import type { RefreshInput } from "../../../src/credentials/refresh/refresh-input.ts";
import { editStore } from "../../../src/credentials/store-edit.ts";
import type { StoredLogin } from "../../../src/credentials/stored-login.ts";
import type { Host } from "../../../src/kernel/host.ts";
import { type ProfileId, toProfileId, toProviderId } from "../../../src/kernel/ids.ts";
import type { RefreshMachine } from "../../../src/kernel/refresh-machine.ts";
import { Secret } from "../../../src/kernel/secret.ts";
import { fakeHost, response } from "../../support/fake-host.ts";
import { NAMES, NOW, openFacts, STORE } from "../open-facts.ts";
import { ID, TOKEN_URL } from "./rig.ts";

const RUNS = 10_000;
const id: ProfileId = toProfileId(ID);
const facts = openFacts();
const idOf = (text: string) => facts.registry.idOf(text);
const never = new Promise<never>(() => undefined);

type Act = "refresh" | "401" | "login" | "logout" | "crash" | "an hour passes";
const acts = fc.array(
  fc.tuple(fc.constantFrom<Act>("refresh", "refresh", "refresh", "401", "login", "logout", "crash", "crash", "an hour passes"), fc.nat(1)),
  {
    minLength: 2,
    maxLength: 12,
  },
);

/** "family.number" of a refresh token, and of what is stored. */
const named = (family: number, n: number): string => `refresh-${family}.${n}`;

/** Two processes over one disk, one issuer whose refresh tokens are for one use, and somebody who logs in and out. Every step waits for its turn. */
class World {
  readonly step: (label: string) => Promise<unknown>;
  readonly disk: Host = {
    ...fakeHost({ files: { [STORE]: JSON.stringify({ version: 1, profiles: {} }) }, osHome: "/home/me" }),
    refreshing: async () => new Process(this).machine(),
  };
  nowMs = NOW;
  processes: Process[];
  holder: Process | undefined;
  graceful: boolean;
  families: { newest: number; revoked: boolean }[] = [];
  reused = 0;
  crashes = 0;
  /** The newest refresh token that ever reached a process that lived to store it; undefined while nobody is logged in. */
  wanted: string | undefined;
  /** An answer was on its way to a process, or in its hands, when that died. */
  mayBeLost = false;
  losses = 0;
  /** What outlives the processes besides the disk. */
  rescued: string | undefined;
  found = 0;

  constructor(step: (label: string) => Promise<unknown>, graceful: boolean) {
    this.step = step;
    this.graceful = graceful;
    this.processes = [0, 1].map(() => new Process(this));
  }

  lose(): void {
    this.mayBeLost = true;
    this.losses += 1;
  }

  isRescued(): boolean {
    return this.wanted !== undefined && this.rescued?.includes(`"${this.wanted}"`) === true;
  }

  stored(): AuthProfile | undefined {
    return readAuthStore({ host: this.disk, file: STORE, called: "the auth store", openFiles: "refused" }, idOf)?.profiles.get(id);
  }

  /** What the issuer does with a refresh token, at once and for good. */
  rotate(body: string): { readonly status: number; readonly json: unknown; readonly token?: string } {
    const [, family = "", n = ""] = /refresh-(\d+)\.(\d+)/.exec(body) ?? [];
    const known = this.families[Number(family)];
    if (known === undefined || known.revoked) return { status: 400, json: { error: "invalid_grant" } };
    if (Number(n) < known.newest) {
      this.reused += 1;
      if (!this.graceful) known.revoked = true;
      if (!this.graceful) return { status: 400, json: { error: "invalid_grant" } };
    } else known.newest += 1;
    const token = named(Number(family), known.newest);
    return { status: 200, json: { access_token: `access-of-${token}`, refresh_token: token, token_type: "bearer", expires_in: 3600 }, token };
  }
}

class Process {
  readonly world: World;
  isAlive = true;
  /** Its requests that are with the issuer, or whose answers it has not stored yet. */
  open = 0;
  readonly input: RefreshInput;
  readonly died: Promise<void>;
  die: () => void = () => undefined;

  constructor(world: World) {
    this.died = new Promise((resolve) => {
      this.die = () => {
        this.isAlive = false;
        resolve();
      };
    });
    this.world = world;
    const host = this.host();
    this.input = { host, idOf, config: facts.config, names: NAMES, agents: facts.agents, by: "model", lives: "short", warn: () => undefined };
  }

  /** Nothing happens any more in a process that died. */
  async turn(label: string): Promise<void> {
    await this.world.step(label);
    if (!this.isAlive) await never;
  }

  host(): Host {
    const { world } = this;
    return {
      ...world.disk,
      nowMs: () => world.nowMs,
      monotonicMs: () => world.nowMs,
      refreshing: async () => this.machine(),
      wait: async (ms) => {
        world.nowMs += ms;
        await this.turn("wait");
      },
      changeFiles: async (...args) => {
        await this.turn("before a write");
        const written = await world.disk.changeFiles(...args);
        await this.turn("after a write");
        return written;
      },
      http: async ({ body = "" }) => {
        await this.turn("on the way to the issuer");
        this.open += 1;
        const { status, json, token } = world.rotate(body);
        await this.turn("on the way back");
        const stays = world.wanted !== undefined && token !== undefined && world.wanted.split(".")[0] === token.split(".")[0];
        if (stays) world.wanted = token;
        return response(status, JSON.stringify(json));
      },
    };
  }

  machine(): RefreshMachine {
    const { world } = this;
    return {
      keyOf: ({ store, id: profile }) => `${store} ${profile}`,
      alone: async (_credential, _request, act) => {
        do await this.turn("for the lock");
        while (world.holder?.isAlive === true);
        world.holder = this;
        try {
          return await act();
        } finally {
          this.open = 0;
          world.holder = undefined;
        }
      },
      reserve: () => ({ release: () => undefined }),
      undisturbed: (act) => act(),
      rescue: (_credential, text) => {
        world.rescued = text;
        return "memory";
      },
      rescued: () => (world.rescued === undefined ? [] : [{ file: "memory", text: world.rescued }]),
      allRescued: () => [],
      forgetRescued: () => void (world.rescued = undefined),
    };
  }
}

async function login(world: World): Promise<void> {
  const family = world.families.push({ newest: 0, revoked: false }) - 1;
  const credential = {
    kind: "oauth" as const,
    access: new Secret(`access-${family}`),
    refresh: new Secret(named(family, 0)),
    expiresAtMs: world.nowMs + 60_000,
  };
  const details: StoredLogin = {
    ...{ method: "device", licence: "own-client", tokenUrl: TOKEN_URL, clientId: "my-app", scopes: [], generation: 1 },
    ...{ obtainedAtMs: world.nowMs, lifetimeSeconds: 120 },
  };
  await editStore({ host: world.disk, file: STORE, idOf, command: "login", backup: "current" }, (draft) =>
    draft.put(id, { provider: toProviderId("zai"), credential, login: details }),
  );
  world.wanted = named(family, 0);
  world.mayBeLost = false;
}

async function perform(world: World, act: Act, at: number): Promise<void> {
  const process = world.processes[at];
  const stored = world.stored();
  await world.step(act);
  if (process === undefined) return;
  if (act === "an hour passes") world.nowMs += 3_600_000;
  else if (act === "login") await login(world);
  else if (act === "logout") {
    await editStore({ host: world.disk, file: STORE, idOf, command: "logout", backup: "current" }, (draft) => draft.remove(id));
    world.wanted = undefined;
  } else if (act === "crash") {
    process.die();
    world.crashes += 1;
    if (process.open > 0 && !world.isRescued()) world.lose();
    world.processes[at] = new Process(world);
  } else if (stored !== undefined) {
    const asked = act === "401" ? refreshAfter401(process.input, stored) : freshCredential(process.input, stored);
    await Promise.race([asked, process.died]);
  }
}

function storedToken(world: World): string | undefined {
  const credential = world.stored()?.credential;
  return credential?.kind === "oauth" ? credential.refresh.reveal() : undefined;
}

test(`whatever comes in between, what is stored is the newest that was ever received: ${RUNS} interleavings`, { timeout: 300_000 }, async () => {
  const seen = { renewed: 0, lost: 0, found: 0, reused: 0 };
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), acts, fc.boolean(), async (scheduler, chosen, graceful) => {
      const world = new World((label) => scheduler.schedule(Promise.resolve(), label), graceful);
      await login(world);
      world.nowMs += 3_600_000;
      const all = Promise.all(chosen.map(([act, at]) => perform(world, act, at)));
      await scheduler.waitFor(all);
      if (world.isRescued() && storedToken(world) !== world.wanted) {
        world.found += 1;
        world.nowMs += 3_600_000;
        await scheduler.waitFor(perform(world, "refresh", 0));
      }
      const { login: notes } = world.stored() ?? {};
      const said = notes?.intent !== undefined || notes?.needsLogin !== undefined;
      if (world.crashes === 0) expect([storedToken(world), world.reused, said]).toEqual([world.wanted, 0, false]);
      else if (!world.mayBeLost || storedToken(world) === world.wanted) expect(storedToken(world)).toBe(world.wanted);
      else expect([world.wanted === undefined || said, storedToken(world) === undefined]).toEqual([true, world.wanted === undefined]);
      seen.renewed += Number(storedToken(world)?.endsWith(".0") === false);
      seen.lost += world.losses;
      seen.found += world.found;
      seen.reused += Number(world.reused > 0);
    }),
    { numRuns: RUNS, seed: 20261121 },
  );
  expect([seen.renewed > RUNS / 10, seen.lost > 50, seen.found > 5, seen.reused > 0], JSON.stringify(seen)).toEqual([true, true, true, true]);
});
