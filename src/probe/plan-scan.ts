import type { CatalogEntry } from "../catalog/catalog.ts";
import { endpointOf } from "../catalog/endpoint.ts";
import type { HttpRequest } from "../kernel/http.ts";
import { protocols } from "../protocols/index.ts";
import type { EncodeOptions, Loss, Protocol } from "../protocols/protocol.ts";
import type { Provider } from "../provider/provider.ts";
import type { Candidate } from "./scan-candidate.ts";
import type { ScanTestRow } from "./scan-row.ts";
import { SCAN_TESTS, type ScanTestName, scanTests } from "./scan-test.ts";

/** What one model would be asked. Requests lack only their secret. */
export interface PlannedModel {
  readonly candidate: Candidate;
  readonly provider: Provider;
  readonly protocol: Protocol;
  readonly tests: readonly PlannedTest[];
}

export type PlannedTest =
  | { readonly kind: "asked"; readonly name: ScanTestName; readonly request: HttpRequest; readonly mostUsd: number | undefined }
  | { readonly kind: "skipped"; readonly name: ScanTestName; readonly why?: Pick<ScanTestRow, "error" | "reason"> };

/** What a model's call takes beside the candidate. */
export interface ModelWay {
  readonly entry: CatalogEntry | undefined;
  readonly account: NonNullable<EncodeOptions["account"]>;
}

/** Room for the answer. A model that reasons spends it on that first; one of which nobody says may reason too. */
const ROOM = { plain: 256, reasoning: 2048, unknown: 1024 } as const;

/** One request a test, or why there is none. */
export function planModel(candidate: Candidate, { entry, account }: ModelWay): PlannedModel {
  const { target, facts, details, server } = candidate;
  const provider = { ...target.provider, ...endpointOf(target.provider, entry) };
  const protocol = protocols[provider.protocol];
  const wished = facts.reasoning === true ? ROOM.reasoning : facts.reasoning === false ? ROOM.plain : ROOM.unknown;
  const most = Math.min(facts.outputTokens ?? wished, details.requestLimits?.completionTokens ?? wished, wished);
  const outputTokens = Math.max(protocol.leastOutputTokens, most);
  const tests = SCAN_TESTS.map((name): PlannedTest => {
    if (name === "image" && facts.input?.includes("image") !== true) return { kind: "skipped", name, ...(facts.input === undefined && { why: UNSTATED }) };
    const encoding = protocol.encode(scanTests[name].request({ outputTokens, server }), candidate.ref.model, provider, { account });
    if (encoding.kind === "unaddressed")
      return { kind: "skipped", name, why: { error: `has no address without its ${encoding.missing.join(" and ")}`, reason: "unaddressed" } };
    if (encoding.losses.some(isEssential))
      return { kind: "skipped", name, why: { error: "cannot be asked for that in its wire format", reason: "unsupported" } };
    return { kind: "asked", name, request: encoding.request, mostUsd: mostOf(candidate, encoding.request, outputTokens) };
  });
  return { candidate, provider, protocol, tests };
}

const UNSTATED = { error: "was not shown an image: nobody says that it takes any", reason: "unstated" };

/** What a test is about would not arrive. */
function isEssential({ field, how }: Loss): boolean {
  return how === "lost" && /^(output|tools|messages)/.test(field);
}

/** A token has one byte at least. undefined where nobody states a price. */
function mostOf({ facts, isFree }: Candidate, { body = "" }: HttpRequest, outputTokens: number): number | undefined {
  if (isFree) return 0;
  const price = facts.usdPerMTok;
  return price === undefined ? undefined : (new TextEncoder().encode(body).length * price.input + outputTokens * price.output) / 1e6;
}
