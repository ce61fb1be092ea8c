import type { ChatRequest } from "../chat/request.ts";
import type { ModelId } from "../kernel/ids.ts";
import type { Provider } from "../provider/provider.ts";
import { OTHER_DIALECT } from "./losses.ts";
import type { EncodeOptions, Encoding, Loss, Protocol } from "./protocol.ts";

/** What leads to something that the vendor keeps: without it a request means something else. */
const KEPT_AT_THE_VENDOR: readonly string[] = ["previous_response_id", "conversation", "background", "prompt"];

/** A field for whose sake the request can go to its own dialect alone; undefined when there is none. */
export function boundField(chat: ChatRequest, to: string): string | undefined {
  const foreign = Object.entries(chat.extras ?? {}).filter(([dialect]) => dialect !== to);
  return foreign.flatMap(([, fields]) => Object.keys(fields)).find((name) => KEPT_AT_THE_VENDOR.includes(name));
}

/** A request in another format than the one that it came in. Settings that only the other format has are named among the losses. */
export function encodeAs(protocol: Protocol, chat: ChatRequest, model: ModelId, provider: Provider, options?: EncodeOptions): Encoding {
  const encoding = protocol.encode(chat, model, provider, options);
  return encoding.kind === "request" ? { ...encoding, losses: [...encoding.losses, ...foreignExtras(chat, protocol.id)] } : encoding;
}

function foreignExtras({ extras = {} }: ChatRequest, dialect: string): Loss[] {
  const foreign = Object.entries(extras).filter(([other]) => other !== dialect);
  return foreign.flatMap(([, fields]) => Object.keys(fields).map((field): Loss => ({ field, how: "lost", why: OTHER_DIALECT })));
}
