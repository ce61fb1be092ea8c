import type { Host } from "../kernel/host.ts";
import { type Survey, surveyServer } from "./survey-server.ts";

const PATIENCE = { firstMs: 5000, allMs: 10_000 };

/** Asks the addresses that may be meant, without a credential: with the version that most servers have in theirs, as it is written, and Google's. */
export async function findServer(host: Host, url: string): Promise<Survey> {
  const written = url.replace(/\/+$/, "");
  const addresses = /\/v\d+(beta)?$/.test(written) ? [written] : [`${written}/v1`, written, `${written}/v1beta`];
  let first: Survey | undefined;
  for (const baseUrl of addresses) {
    const survey = await surveyServer({ host, baseUrl, authorized: (request) => request, evidence: "some", patience: PATIENCE });
    if (survey.outcome !== "failed" || survey.status === undefined) return survey;
    first ??= survey;
  }
  return first ?? { outcome: "failed", why: "was not asked", reason: "unknown" };
}
