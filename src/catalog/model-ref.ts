import type { ModelId, ProviderId } from "../kernel/ids.ts";

/** Which model of which provider. */
export interface ModelRef {
  readonly provider: ProviderId;
  readonly model: ModelId;
}

/** The canonical text of a reference: `provider/model`; the model may hold further slashes. */
export function refText(ref: ModelRef): string {
  return `${ref.provider}/${ref.model}`;
}
