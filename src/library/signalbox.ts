import type { Host } from "../kernel/host.ts";
import type { ProbeSummary } from "../probe/summary.ts";
import type { StateStore } from "../state/state-store.ts";
import type { ExplainReport } from "../status/explain.ts";
import type { StatusReport } from "../status/report.ts";
import type { UsageRow } from "../usage/usage-row.ts";
import type { AccountToken } from "./account-token.ts";
import type { Answer } from "./answer.ts";
import type { StreamEvent } from "./conversation.ts";
import type { GivenCredentials } from "./given-accounts.ts";
import type { ModelEntry, ModelFilter } from "./models.ts";
import type { BrandNames } from "./names.ts";
import type { ProbeChoices, UsageChoices } from "./reports.ts";
import type { SignalboxRequest } from "./request.ts";
import type { Resolved } from "./resolve.ts";

/** Where things are found, and what counts in their place. All of it may be left out. */
export interface LibraryOptions {
  /** Whose files count: the config, the auth stores and the state of that program. `neuroion` unless told. */
  readonly brand?: BrandNames;
  /** The brand's profile: a state folder of its own. `<PREFIX>_PROFILE` unless told. */
  readonly profile?: string;
  /** Whose chain and whose accounts count; the config's default agent unless told. */
  readonly agent?: string;
  /** The machine, whole or in part: what is left out is this one's. In tests: `{ http }`, `{ nowMs }`, … */
  readonly host?: Partial<Host>;
  /** In place of the process's environment; `{}` for none. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** The state folder; the brand's own unless told. */
  readonly stateDir?: string;
  /** In place of the config file: the same keys, checked in the same way. */
  readonly config?: object;
  /** Accounts in memory: they count in place of those that were found for the same providers. */
  readonly credentials?: GivenCredentials;
  /** Where cooldowns and usage are kept. `files`, the state folder, unless told: then all programs of this machine know of them. `memory`: nowhere. */
  readonly state?: "files" | "memory" | StateStore;
  /** For what a person must not miss, such as a renewed login that could not be stored. Nobody is told unless given. */
  readonly warn?: (text: string) => void;
}

export interface CallOptions {
  /** Ends the call, and its requests with it; the call then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

/**
 * One opened library. Whatever fails of ours is an `AppError` with a `code`, a sentence and a `hint`; no secret is in it. A value that no call takes is
 * REQUEST_INVALID, and its sentence names the field.
 * All calls may run at the same time. Files that change are read again within half a second.
 */
export interface Signalbox {
  /** What a word for a model means, and who answers in its place. Throws MODEL_REF_INVALID, MODEL_UNKNOWN, PROVIDER_UNKNOWN, AGENT_UNKNOWN. */
  resolve(name?: string): Promise<Resolved>;
  /**
   * Who would be asked, in order, and why not the others. Nobody is asked. `name`: whatever a request may name as its model; the agent's chain unless
   * told. Throws what `resolve` throws of a name that leads nowhere.
   */
  explain(name?: string): Promise<ExplainReport>;
  /** Sorted by provider, then id. Throws PROVIDER_UNKNOWN. */
  models(filter?: ModelFilter): Promise<ModelEntry[]>;
  /** Which models answer, with which accounts, and what is wrong: from files alone. */
  status(options?: { readonly warnWithinMs?: number }): Promise<StatusReport>;
  /** Asks every account once whether it works. Nobody's standing changes. Throws PROVIDER_UNKNOWN, PROFILE_UNKNOWN. */
  probe(options?: ProbeChoices & CallOptions): Promise<ProbeSummary>;
  /** What is left of each account, as its vendor tells it. Throws PROVIDER_UNKNOWN, PROFILE_UNKNOWN. */
  usage(options?: UsageChoices & CallOptions): Promise<UsageRow[]>;
  /** A token of one account that is good now; a login that is due is renewed first. Throws PROFILE_UNKNOWN, VENDOR_TOOL_ONLY, and why there is none. */
  token(profileId: string, options?: CallOptions): Promise<AccountToken>;
  /** A whole answer, from the first who gives one. Throws REQUEST_INVALID, UPSTREAM_EXHAUSTED (an `UpstreamExhausted`), and what `resolve` throws. */
  chat(request: SignalboxRequest, options?: CallOptions): Promise<Answer>;
  /**
   * The same as events. Before the first content another candidate takes over unseen; after it a failure is the last event, `failed`, and what came before is
   * not the whole answer. Nothing is asked until the first event is; who stops reading ends the request.
   */
  stream(request: SignalboxRequest, options?: CallOptions): AsyncIterable<StreamEvent>;
  /** Ends the calls that still run and keeps what is to be kept. Afterwards every call is LIBRARY_CLOSED. */
  close(): Promise<void>;
  /** `close`, for `await using`. */
  [Symbol.asyncDispose](): Promise<void>;
}
