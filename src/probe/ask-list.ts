import type { Credential } from "../credentials/profile.ts";
import type { Host } from "../kernel/host.ts";
import { anyOf, timeUp } from "../kernel/stop-signal.ts";
import type { Provider } from "../provider/provider.ts";
import type { ProbeRow } from "./summary.ts";

const WORDS = { accepted: "ok", limited: "rate_limit", rejected: "auth", inconclusive: "unknown" } as const;

/** Asks for the list of models: costs nothing, and shows whether the credential is known, but not whether a model answers. */
export async function askList(host: Host, provider: Provider, credential: Credential, timeoutMs: number, row: ProbeRow): Promise<ProbeRow> {
  const { checkCredential } = await import("./check-credential.ts");
  const deadline = timeUp(timeoutMs);
  const hurried: Host = { ...host, http: (request, signal, deadlines) => host.http(request, anyOf(signal, deadline), deadlines) };
  const startedMs = host.monotonicMs();
  const { verdict, reason, detail, httpStatus, url } = await checkCredential(hurried, provider, credential);
  if (url === undefined) return { ...row, kind: "list", reason: "unsupported", error: detail };
  const latencyMs = Math.round(host.monotonicMs() - startedMs);
  const status = deadline.aborted ? "timeout" : reason === "billing" ? "billing" : reason === "timeout" ? "timeout" : WORDS[verdict];
  const said = status === "timeout" ? { error: "did not answer in time" } : status === "ok" ? {} : { error: detail };
  const why = status === "ok" ? null : status === "timeout" ? "timeout" : (reason ?? verdict);
  return { ...row, kind: "list", asked: true, status, ...said, reason: why, httpStatus: httpStatus ?? null, latencyMs };
}
