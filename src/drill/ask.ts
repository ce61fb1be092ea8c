import type { ServedRequest, ServedResponse } from "../kernel/server-machine.ts";
import { protocols } from "../protocols/index.ts";
import { parseJson, textAt } from "../kernel/json-value.ts";
import type { Stage } from "./stage.ts";

export type Shape = "streamed" | "in one piece";
export type DrillClient = "openai-chat" | "openai-responses" | "anthropic-messages";

/** What a client of the gateway has seen. Times in milliseconds of the drill's clock. */
export interface Seen {
  readonly status: number;
  readonly text: string;
  /** `answer`: with its good end. `error`: it was told that something failed, with or without a part of an answer. `nothing`: neither. */
  readonly end: "answer" | "error" | "nothing";
  readonly error?: string;
  /** "provider/model", as the headers say, or else the log: a stream that was held up begins before anybody answers. */
  readonly servedBy?: string;
  readonly profile?: string;
  /** "provider/model" that went on where the first one broke off; the last one, if there were several. */
  readonly takenOverBy?: string;
  readonly firstWordMs?: number;
  readonly tookMs: number;
}

const PROMPT = "Say sixty words about railways.";
const PATHS: Readonly<Record<DrillClient, string>> = {
  "openai-chat": "/v1/chat/completions",
  "openai-responses": "/v1/responses",
  "anthropic-messages": "/v1/messages",
};

/** One request of a client, to the end of what it gets. */
export async function ask({ gateway, clock, logged }: Stage, client: DrillClient, model: string, as: Shape): Promise<Seen> {
  const startedMs = clock.nowMs();
  const { requestId, ...seen } = await clock.run(
    (async () => {
      const response = await gateway.answer(requestOf(client, model, as));
      const read = await readBody(client, response, () => clock.nowMs() - startedMs);
      response.whenOver?.("sent");
      return { ...read, requestId: response.headers["x-request-id"] ?? "", tookMs: clock.nowMs() - startedMs };
    })(),
  );
  const { servedBy, profile } = (await logged(requestId)) ?? {};
  return { ...(servedBy !== undefined && { servedBy }), ...(profile !== undefined && { profile }), ...seen };
}

function requestOf(client: DrillClient, model: string, as: Shape): ServedRequest {
  const stream = as === "streamed";
  const messages = [{ role: "user", content: PROMPT }];
  const body =
    client === "openai-responses"
      ? { model, input: PROMPT, store: false, stream }
      : { model, messages, stream, ...(client === "anthropic-messages" && { max_tokens: 200 }) };
  return {
    method: "POST",
    target: PATHS[client],
    httpVersion: "1.1",
    headers: ["host", "drill", "authorization", "Bearer drill", "content-type", "application/json"],
    readBody: async () => ({ kind: "text", text: JSON.stringify(body) }),
    signal: new AbortController().signal,
  };
}

async function readBody(client: DrillClient, { status, headers, body }: ServedResponse, nowMs: () => number): Promise<Omit<Seen, "tookMs">> {
  const [servedBy, profile] = (headers["x-signalbox-served-by"] ?? "").split("; profile=");
  const who = { ...(servedBy !== "" && servedBy !== undefined && { servedBy }), ...(profile !== undefined && { profile }) };
  if (status !== 200) return { status, text: "", end: "error", error: messageOf(typeof body === "string" ? body : ""), ...who };
  let text = "";
  let firstWordMs: number | undefined;
  let end: Seen["end"] = "nothing";
  let error: string | undefined;
  let takenOverBy: string | undefined;
  const heard = (comment: string): void => {
    takenOverBy = TAKEN_OVER.exec(comment)?.[1] ?? takenOverBy;
  };
  const response = { status, headers: { ...headers }, body: overheard(bytesOf(body), heard) };
  for await (const event of protocols[client].decode(response, { providerId: "drill" })) {
    if (event.kind === "text") {
      text += event.text;
      firstWordMs ??= nowMs();
    } else if (event.kind === "done") end = "answer";
    else if (event.kind === "failed") [end, error] = ["error", event.failure.message ?? event.failure.reason];
  }
  return {
    status,
    text,
    end,
    ...who,
    ...(takenOverBy !== undefined && { takenOverBy }),
    ...(firstWordMs !== undefined && { firstWordMs }),
    ...(error !== undefined && { error }),
  };
}

const TAKEN_OVER = /^: taken over by ([^;\n]+)/;

/** The same, after whoever listens for comments. */
async function* overheard(bytes: AsyncIterable<Uint8Array>, heard: (comment: string) => void): AsyncGenerator<Uint8Array> {
  for await (const piece of bytes) {
    if (piece[0] === COLON) heard(new TextDecoder().decode(piece));
    yield piece;
  }
}

const COLON = 0x3a;

async function* bytesOf(body: ServedResponse["body"]): AsyncGenerator<Uint8Array> {
  if (typeof body === "string") yield new TextEncoder().encode(body);
  else if (body instanceof Uint8Array) yield body;
  else yield* body;
}

function messageOf(body: string): string {
  return textAt(parseJson(body), "error", "message") ?? body.slice(0, 200);
}
