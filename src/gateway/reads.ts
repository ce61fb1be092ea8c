import { refText } from "../catalog/model-ref.ts";
import { isoTime } from "../kernel/duration.ts";
import { assertNever, ERRORS } from "../kernel/errors.ts";
import type { ServedResponse } from "../kernel/server-machine.ts";
import type { ChainEntry } from "../routing/chain.ts";
import type { Dialect } from "./dialect.ts";
import type { Generation } from "./generation.ts";
import type { GatewayKey } from "./gateway-key.ts";
import type { Passport, Refused } from "./guard.ts";
import { listModels, type ModelRow, routeTo } from "./model-list.ts";
import type { Routed } from "./routes.ts";
import type { Shared } from "./work.ts";

/** A request that asks no model. */
export interface ReadRequest {
  readonly routed: Extract<Routed, { kind: "read" }>;
  readonly passport: Passport;
  readonly owner: GatewayKey | "self";
  readonly dialect: Dialect;
}

export type ReadAnswer = { readonly kind: "answer"; readonly response: ServedResponse } | { readonly kind: "refused"; readonly refusal: Refused };

export async function answerRead({ routed, owner, dialect }: ReadRequest, shared: Shared, state: "serving" | "draining"): Promise<ReadAnswer> {
  switch (routed.read) {
    case "health":
      return json({ status: "ok" });
    case "metrics":
      return text(shared.counters.text(gaugesOf(shared)), "application/openmetrics-text; version=1.0.0; charset=utf-8");
    case "status":
      return json(await statusOf(shared, state));
    case "models":
    case "model": {
      const rows = listModels(await shared.current.get(), { owner, dialect });
      if (routed.read === "models") return json(dialect === "anthropic-messages" ? anthropicList(rows) : { object: "list", data: rows.map(openaiRow) });
      const id = decoded(routed.rest);
      const row = rows.find((one) => one.id === id);
      if (row === undefined)
        return {
          kind: "refused",
          refusal: { status: ERRORS.MODEL_UNKNOWN.http, type: "not_found", message: "no such model can be asked here", code: "model_not_found" },
        };
      return json(dialect === "anthropic-messages" ? anthropicRow(row) : openaiRow(row));
    }
    default:
      return assertNever(routed.read);
  }
}

/** What a person or a program that watches wants to know; no account, no secret. */
async function statusOf(shared: Shared, state: "serving" | "draining"): Promise<object> {
  const { host, machine, admissions, current, store } = shared;
  const generation = await current.get();
  const { broker, loadedAtMs } = generation;
  const chain = await Promise.all(broker.chain().entries.map((entry) => rowOf(entry, generation, shared)));
  const rests = [...(await shared.routing.ledger.rows()).values()].filter(({ untilMs, lastRestMs }) => lastRestMs > 0 && untilMs > host.nowMs());
  return {
    status: state === "draining" ? "draining" : "ok",
    pid: machine.pid,
    running: admissions.running,
    waiting: admissions.waiting,
    memoryBytes: machine.memoryBytes(),
    configLoadedAt: isoTime(loadedAtMs),
    configFault: current.fault ?? null,
    stateFault: store.lastFault ?? null,
    chain,
    resting: rests.map(({ key, untilMs, reason }) => ({ what: key, until: isoTime(untilMs), reason })),
  };
}

/** One that rests can be asked: it is in `resting`. */
async function rowOf({ role, position, raw, resolution }: ChainEntry, generation: Generation, { routing }: Shared): Promise<object> {
  const model = resolution === undefined ? raw : refText(resolution.ref);
  const route = resolution === undefined ? undefined : routeTo(model, generation, { strict: true });
  if (route === undefined) return { role, position, model, canBeAsked: false };
  const { candidates, resting } = await routing.plan(route, generation.factsOf(route.agentId));
  return { role, position, model, canBeAsked: candidates.length + resting.length > 0 };
}

function gaugesOf({ admissions, machine }: Shared): Record<string, number> {
  return { running: admissions.running, waiting: admissions.waiting, memory_bytes: machine.memoryBytes() };
}

function openaiRow({ id, name, created, contextTokens, outputTokens, usdPerMTok, means }: ModelRow): object {
  return {
    id,
    object: "model",
    created,
    owned_by: means?.split("/")[0] ?? id.split("/")[0],
    name,
    ...(means !== undefined && { alias_of: means }),
    ...(contextTokens !== undefined && { context_length: contextTokens, context_window: contextTokens }),
    ...(outputTokens !== undefined && { max_output_tokens: outputTokens }),
    ...(usdPerMTok !== undefined && { pricing: { unit: "usd_per_million_tokens", ...usdPerMTok } }),
  };
}

function anthropicRow({ id, name, created, means, contextTokens, outputTokens, usdPerMTok }: ModelRow): object {
  return {
    type: "model",
    id,
    display_name: name,
    created_at: isoTime(created * 1000),
    ...(means !== undefined && { alias_of: means }),
    ...(contextTokens !== undefined && { max_input_tokens: contextTokens }),
    ...(outputTokens !== undefined && { max_tokens: outputTokens }),
    ...(usdPerMTok !== undefined && { pricing: { unit: "usd_per_million_tokens", ...usdPerMTok } }),
  };
}

function anthropicList(rows: readonly ModelRow[]): object {
  return { data: rows.map(anthropicRow), has_more: false, first_id: rows[0]?.id ?? null, last_id: rows.at(-1)?.id ?? null };
}

function json(value: object): ReadAnswer {
  return text(JSON.stringify(value), "application/json");
}

function text(body: string, type: string): ReadAnswer {
  return { kind: "answer", response: { status: 200, headers: { "content-type": type }, body } };
}

function decoded(segment: string): string | undefined {
  try {
    return decodeURIComponent(segment);
  } catch {
    return undefined;
  }
}
