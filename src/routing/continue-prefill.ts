import type { ChatRequest } from "../chat/request.ts";
import type { HttpRequest } from "../kernel/http.ts";
import { listAt, numberAt, objectAt } from "../kernel/json-value.ts";
import { parseExact, writeExact } from "../protocols/exact-json.ts";
import type { ProtocolId } from "../provider/protocol-id.ts";
import type { RoutedModel } from "./route.ts";

/** Models that go on with a last message of the assistant, and answer with what follows it alone. Who is not here is taken to answer anew. */
interface PrefillRow {
  readonly provider: string;
  readonly protocol: ProtocolId;
  readonly models: RegExp;
  readonly source: { readonly url: string; readonly checkedOn: string };
}

const ROWS: () => readonly PrefillRow[] = () => [
  {
    provider: "anthropic",
    protocol: "anthropic-messages",
    // From Claude 4.6 on it is refused (platform.claude.com/docs/en/about-claude/models/migration-guide, the same day).
    models: /^claude-(?:3[-.]|(?:opus|sonnet|haiku)-4-(?:[015](?:-\d{8})?|\d{8})$)/,
    source: { url: "https://docs.claude.com/en/docs/prefill-claudes-response", checkedOn: "2026-11-21" },
  },
];

/** About how many characters of text are one token. */
const TOKEN_CHARACTERS = 4;
const LIMITS = ["max_tokens", "max_completion_tokens"] as const;

/** What is put into the assistant's mouth, and what of the client's text the answer then has to begin with; undefined where the target takes none. */
export interface Prefill {
  readonly text: string;
  readonly already: string;
}

/** Not with reasoning, and not behind a prefill of the client's own. The end of it may be no white space there. */
export function prefillFor({ provider, ref }: RoutedModel, chat: ChatRequest, said: string): Prefill | undefined {
  const isKnown = ROWS().some(({ provider: id, protocol, models }) => id === ref.provider && protocol === provider.protocol && models.test(ref.model));
  if (!isKnown || chat.reasoning?.kind === "on" || chat.messages.at(-1)?.role === "assistant") return undefined;
  const text = said.trimEnd();
  return text === "" ? undefined : { text, already: said.slice(text.length) };
}

/** The same request with that message, and with the room that the text has taken already; undefined where none is left. */
export function prefilled(request: HttpRequest, { text }: Prefill): HttpRequest | undefined {
  const { bodyBytes, ...rest } = request;
  const body = objectAt(parseExact(bodyBytes === undefined ? (request.body ?? "") : new TextDecoder().decode(bodyBytes)));
  if (body === undefined) return undefined;
  const next: Record<string, unknown> = { ...body, messages: [...listAt(body, "messages"), { role: "assistant", content: text }] };
  for (const field of LIMITS) {
    const limit = numberAt(body, field);
    if (limit === undefined) continue;
    const left = limit - Math.ceil(text.length / TOKEN_CHARACTERS);
    if (left < 1) return undefined;
    next[field] = left;
  }
  return { ...rest, body: writeExact(next) };
}
