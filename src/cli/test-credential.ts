import type { Broker } from "../broker.ts";
import type { Credential } from "../credentials/profile.ts";
import { AppError } from "../kernel/errors.ts";
import type { ProviderId } from "../kernel/ids.ts";
import { labelOf } from "./ask-credential.ts";
import type { TestRow } from "./stored-account.ts";
import type { Talk } from "./talk.ts";

/** Shows the credential to its vendor once. Never throws for what the vendor answers. */
export async function testCredential(broker: Broker, talk: Talk, provider: ProviderId, credential: Credential): Promise<TestRow> {
  const registered = broker.registry().get(provider);
  if (registered === undefined) return { verdict: "inconclusive", reason: null, detail: "has no known address", httpStatus: null, url: null };
  talk.note(`Asking ${registered.provider.label} once…`);
  const { checkCredential } = await import("../probe/check-credential.ts");
  const { verdict, reason = null, detail, httpStatus = null, url = null } = await checkCredential(broker.host, registered.provider, credential);
  return { verdict, reason, detail, httpStatus, url };
}

/** For `--test`: what is rejected is not stored. */
export function refuseRejected(broker: Broker, provider: ProviderId, { verdict, detail, httpStatus }: TestRow): void {
  if (verdict !== "rejected") return;
  throw new AppError("CREDENTIAL_REJECTED", `${labelOf(broker, provider)} ${detail}${httpStatus === null ? "" : ` (${httpStatus})`}`, {
    hint: "Nothing was stored. Check that all of it was copied and that it was not revoked; without --test it is stored all the same.",
  });
}
