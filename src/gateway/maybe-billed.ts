import type { UpstreamFailure } from "../chat/failure.ts";

/** The vendor may have counted it although we have no answer. */
export function isAmbiguous({ reason, detail, status }: UpstreamFailure): boolean {
  if (reason === "timeout") return detail !== "connect";
  if (reason === "network") return detail === "reset" || detail === "cut";
  return reason === "unknown" && (status === undefined || status >= 500 || status === 200);
}
