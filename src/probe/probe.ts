import { followedSecret } from "./secret-of.ts";
import type { Host } from "../kernel/host.ts";
import { fittingHint } from "../credentials/replace-hint.ts";
import type { Credential } from "../credentials/profile.ts";
import type { ResolveOptions } from "../credentials/resolve-secret.ts";
import { askList } from "./ask-list.ts";
import { askModel } from "./ask-model.ts";
import { mapLimit } from "./map-limit.ts";
import { notAsked, type Prepared, prepare, unfitness } from "./prepare.ts";
import type { ProbeRow, ProbeSummary } from "./summary.ts";
import { type ProbeChoice, type ProbeFacts, type Target, targetsOf } from "./targets.ts";

export interface ProbeOptions extends ProbeChoice {
  readonly timeoutMs: number;
  readonly concurrency: number;
  readonly maxTokens: number;
  readonly tier: "call" | "free";
}

/** Who would be asked, and who would not and why. Nobody is asked yet. */
export interface ProbePlan {
  readonly asked: readonly Planned[];
  readonly skipped: readonly ProbeRow[];
}

export type Planned =
  | Prepared
  | { readonly kind: "list"; readonly target: Extract<Target, { kind: "candidate" }>; readonly row: ProbeRow; readonly mostUsd: 0 };

export function planProbes(facts: ProbeFacts, options: ProbeOptions): ProbePlan {
  const asked: Planned[] = [];
  const skipped: ProbeRow[] = [];
  for (const target of targetsOf(facts, options)) {
    const planned = target.kind === "skipped" ? target : options.tier === "free" ? planList(target, facts) : prepare(target, facts, options.maxTokens);
    if (planned.kind === "skipped") skipped.push(planned.row);
    else asked.push(planned);
  }
  return { asked, skipped };
}

function planList(target: Extract<Target, { kind: "candidate" }>, facts: ProbeFacts): Planned | Extract<Target, { kind: "skipped" }> {
  const registered = facts.registry.get(target.provider);
  const unfit = registered === undefined ? undefined : unfitness(target.profile, registered.provider, facts.nowMs);
  if (unfit !== undefined) return notAsked(target.row, target.profile, unfit);
  if (target.profile !== undefined) return { kind: "list", target, row: { ...target.row, kind: "list" }, mostUsd: 0 };
  return { kind: "skipped", row: { ...target.row, reason: "unsupported", error: "asks for no key, so its list of models shows nothing", hint: null } };
}

export interface Machine extends ResolveOptions {
  readonly host: Host;
  /** Both: `index` counts in the plan's `asked`. */
  readonly onStart?: (index: number) => void;
  readonly onRow?: (row: ProbeRow, index: number, done: number) => void;
}

/** Asks everybody of a plan once, some at a time. Nothing is written, and nobody's standing changes. */
export async function runProbes(plan: ProbePlan, facts: ProbeFacts, options: ProbeOptions, machine: Machine): Promise<ProbeSummary> {
  const { host, onStart, onRow } = machine;
  const { timeoutMs, concurrency, maxTokens, tier, provider, profileIds } = options;
  await host.prepareHttp();
  // Programs and the keychain stop everything else while they are asked: before any clock runs.
  const ready = [];
  for (const [index, planned] of plan.asked.entries()) ready.push({ index, planned, secret: await followedSecret(profileOf(planned), machine) });
  const startedAt = host.nowMs();
  const startedMs = host.monotonicMs();
  let done = 0;
  const rows = await mapLimit(ready, concurrency, async ({ index, planned, secret }) => {
    onStart?.(index);
    const found =
      secret.kind === "unresolved"
        ? { ...planned.row, reason: "unresolved_reference", ...secret.says }
        : await ask(host, planned, secret.credential, facts, timeoutMs);
    const row = { ...found, hint: fittingHint(found.hint, profileOf(planned)) };
    onRow?.(row, index, ++done);
    return row;
  });
  const shown = { ...(provider !== undefined && { provider }), profileIds: [...profileIds], timeoutMs, concurrency, maxTokens, tier };
  const durationMs = Math.round(host.monotonicMs() - startedMs);
  const asked = rows.filter((row) => row.asked);
  const results = [...plan.skipped, ...rows.filter((row) => !row.asked), ...asked];
  return { startedAt, finishedAt: startedAt + durationMs, durationMs, totalTargets: asked.length, options: shown, results };
}

function profileOf(planned: Planned): Prepared["profile"] {
  return planned.kind === "list" ? planned.target.profile : planned.profile;
}

async function ask(host: Host, planned: Planned, credential: Credential | undefined, facts: ProbeFacts, timeoutMs: number): Promise<ProbeRow> {
  if (planned.kind === "prepared") return askModel(host, planned, credential, timeoutMs);
  const registered = facts.registry.get(planned.target.provider);
  if (registered === undefined || credential === undefined) return { ...planned.row, reason: "unsupported" };
  return askList(host, registered.provider, credential, timeoutMs, planned.row);
}
