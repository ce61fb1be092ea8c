/** The library's door. It grows with the engine; what is exported here stays. Importing it loads next to nothing: the engine comes when it is opened. */
import { type Brand, brands } from "./brand.ts";
import type { Broker, BrokerOptions } from "./broker.ts";
import { AppError } from "./kernel/errors.ts";
import type { LibraryOptions, Signalbox } from "./library/signalbox.ts";

export { type Brand, brands, defineBrand } from "./brand.ts";
export type { Broker, BrokerOptions } from "./broker.ts";
export type { Glance } from "./catalog/catalog.ts";
export type { ChatEnd, ChatEvent, ChatPiece, StopReason, Usage } from "./chat/event.ts";
export type { FailureDetail, FailureReason, UpstreamFailure } from "./chat/failure.ts";
export type {
  AssistantPart,
  AudioPart,
  CacheMark,
  ChatMessage,
  ChatRequest,
  DocumentPart,
  Effort,
  FunctionTool,
  ImagePart,
  MediaSource,
  OutputFormat,
  Reasoning,
  RefusalPart,
  Sampling,
  Signature,
  TextPart,
  ThinkingPart,
  Tool,
  ToolCallPart,
  ToolChoice,
  ToolResultPart,
  UserPart,
  VendorPart,
} from "./chat/request.ts";
export type { InstallationNames } from "./config/installation.ts";
export type { Health } from "./credentials/health.ts";
export type { PassedOverReason } from "./credentials/order.ts";
export type { LastRefresh } from "./credentials/stored-login.ts";
export { AppError, ERRORS, type ErrorCode, type ErrorFacts, EXIT, type Issue } from "./kernel/errors.ts";
export type { Host } from "./kernel/host.ts";
export type { HttpBody, HttpDeadlines, HttpRequest, HttpResponse } from "./kernel/http.ts";
export type { ModelId, ProfileId, ProviderId } from "./kernel/ids.ts";
export type { Place } from "./kernel/place.ts";
export type { Problem } from "./kernel/problem.ts";
export type { StopSignal } from "./kernel/stop-signal.ts";
export type { AccountToken } from "./library/account-token.ts";
export type { Answer, Attempt, PassedOver, ServedBy, ToolCall } from "./library/answer.ts";
export type { StreamEvent } from "./library/conversation.ts";
export type { GivenCredentials, GivenToken } from "./library/given-accounts.ts";
export type { ModelEntry, ModelFilter } from "./library/models.ts";
export type { BrandNames } from "./library/names.ts";
export type { AccountChoice } from "./probe/account-choice.ts";
export type { ProbeChoices, UsageChoices } from "./library/reports.ts";
export type { MessageInput, SignalboxRequest, ToolAnswer } from "./library/request.ts";
export type { Resolved, ResolvedModel } from "./library/resolve.ts";
export type { CallOptions, LibraryOptions, Signalbox } from "./library/signalbox.ts";
export { UpstreamExhausted } from "./library/upstream-exhausted.ts";
export type { ProbeRow, ProbeStatus, ProbeSummary } from "./probe/summary.ts";
export type { AnswerBlock } from "./protocols/answer-blocks.ts";
export type { Loss } from "./protocols/protocol.ts";
export type { LicenceOfUse } from "./provider/login-method.ts";
export { type AuthMethod, defineProvider, type Provider, type ProviderFact, type Quirks, type Source } from "./provider/provider.ts";
export type { StatedFailure } from "./provider/stated-failure.ts";
export type { StatedBalance, StatedUsage, StatedWindow } from "./provider/stated-usage.ts";
export type { Modality, ModelSpec, UsdPerMTok } from "./provider/model-spec.ts";
export type { ProtocolId } from "./provider/protocol-id.ts";
export type { ChainRole } from "./routing/chain.ts";
export type { PassedReason } from "./routing/failover-plan.ts";
export type { Outcome } from "./routing/outcomes.ts";
export type { AttemptEvent, MissedEvents, RestRow, StateStore, UsageEvent } from "./state/state-store.ts";
export type { LoginRow } from "./status/account-login.ts";
export type { AccountRow, CooldownRow } from "./status/accounts.ts";
export type { ChainRow, Readiness } from "./status/chain-rows.ts";
export type { ExplainReport } from "./status/explain.ts";
export type { PlaceRow } from "./status/place-row.ts";
export type { MappedName } from "./status/route-trace.ts";
export type { LoginHealth, ProfileHealthRow, ProviderHealthRow } from "./status/login-health.ts";
export type { ProviderOverview } from "./status/overview.ts";
export type { ProblemRow } from "./status/problem-row.ts";
export type { StatusReport } from "./status/report.ts";
export type { ModelTrace } from "./status/trace.ts";
export type { UsageGlance } from "./usage/usage-glance.ts";
export type { UsageRow, WindowRow } from "./usage/usage-row.ts";

declare global {
  /** Every runtime has it; a program that is compiled with neither Node's types nor the DOM's is not told so otherwise. */
  interface AbortSignal {}
  /** The same of those that compile without the library of `await using`. */
  interface SymbolConstructor {
    readonly asyncDispose: unique symbol;
  }
}

/** As `LibraryOptions`, with the brand's name where it is one of ours. */
export interface SignalboxOptions extends Omit<LibraryOptions, "brand"> {
  /** `neuroion` unless told. */
  readonly brand?: Brand | keyof typeof brands;
}

/**
 * Opens the library over this machine: works with nothing but a vendor's key in the environment. Nobody is asked and nothing is written by opening it.
 * Throws CONFIG_…, AGENT_UNKNOWN, PROVIDER_UNKNOWN, CREDENTIAL_SHAPE, USAGE.
 */
export async function openSignalbox(options: SignalboxOptions = {}): Promise<Signalbox> {
  const [{ openLibrary }, { nodeHost }, { packagedDir }] = await Promise.all([
    import("./library/open-library.ts"),
    import("./host/node.ts"),
    import("./host/program-start.ts"),
  ]);
  const { brand = "neuroion", ...rest } = options ?? {};
  return openLibrary(nodeHost(packagedDir()), typeof brand === "string" ? brandOf(brand) : brand, rest);
}

function brandOf(name: string): Brand {
  const found = Object.entries(brands).find(([known]) => known === name)?.[1];
  if (found !== undefined) return found;
  throw new AppError("USAGE", `no brand is called "${name.slice(0, 60)}"`, {
    hint: `Known: ${Object.keys(brands).join(", ")}; another one is made with \`defineBrand\`.`,
  });
}

/** The engine's own object, for programs that need more of it than `openSignalbox` offers. */
export async function openBroker(options: BrokerOptions): Promise<Broker> {
  const broker = await import("./broker.ts");
  return broker.openBroker(options);
}
