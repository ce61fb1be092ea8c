import type { ChatEvent, StopReason, Usage } from "../chat/event.ts";
import { isPiece } from "../chat/event.ts";
import type { UpstreamFailure } from "../chat/failure.ts";
import type { Host } from "../kernel/host.ts";
import { attempt, type Call } from "../routing/attempt.ts";

/** A whole answer, and how it came. Times are milliseconds from when the request left. */
export interface Heard {
  readonly status: number;
  readonly text: string;
  readonly calls: readonly { readonly name: string; readonly arguments: string }[];
  readonly stop: StopReason;
  /** As the vendor counts them, its reasoning included. */
  readonly outputTokens: number | undefined;
  readonly isEventStream: boolean;
  /** Events that say something. */
  readonly pieceCount: number;
  /** How many times the network brought something of the body. */
  readonly chunkCount: number;
  readonly firstMs: number;
  readonly endMs: number;
}

export type Hearing =
  | { readonly kind: "heard"; readonly heard: Heard }
  | { readonly kind: "failed"; readonly failure: UpstreamFailure; readonly endMs: number }
  /** Nothing was sent. `why` is a sentence's end: "the credential …". */
  | { readonly kind: "withheld"; readonly why: string };

/** Asks once and listens to the end. Never throws for what the network or the vendor does. */
export async function hearAnswer(host: Host, call: Call): Promise<Hearing> {
  const chunks = { count: 0 };
  const startedMs = host.monotonicMs();
  const sinceMs = (): number => host.monotonicMs() - startedMs;
  const result = await attempt(counting(host, chunks), call);
  if (result.kind === "withheld") return result;
  if (result.kind === "refused") return { kind: "failed", failure: result.failure, endMs: sinceMs() };
  const firstMs = sinceMs();
  const gathered = gatherer();
  for await (const event of result.events) {
    if (event.kind === "failed") return { kind: "failed", failure: { status: result.response.status, ...event.failure }, endMs: sinceMs() };
    gathered.add(event);
  }
  const isEventStream = /event-?stream/i.test(result.response.headers["content-type"] ?? "");
  const { status } = result.response;
  return { kind: "heard", heard: { ...gathered.all(), status, isEventStream, chunkCount: chunks.count, firstMs, endMs: sinceMs() } };
}

/** The machine as it is, which counts what comes in. */
function counting(host: Host, chunks: { count: number }): Host {
  return {
    ...host,
    http: async (request, signal, deadlines) => {
      const response = await host.http(request, signal, deadlines);
      return { ...response, body: counted(response.body, chunks) };
    },
  };
}

async function* counted(body: AsyncIterable<Uint8Array>, chunks: { count: number }): AsyncGenerator<Uint8Array> {
  for await (const chunk of body) {
    chunks.count++;
    yield chunk;
  }
}

function gatherer() {
  const calls = new Map<number, { readonly name: string; arguments: string }>();
  let [text, pieceCount] = ["", 0];
  let stop: StopReason = "unstated";
  let usage: Usage = {};
  return {
    add(event: ChatEvent): void {
      if (isPiece(event)) pieceCount++;
      if (event.kind === "text") text += event.text;
      else if (event.kind === "tool_call") calls.set(event.block, { name: event.name, arguments: "" });
      else if (event.kind === "tool_arguments") {
        const call = calls.get(event.block);
        if (call !== undefined) call.arguments += event.json;
      } else if (event.kind === "usage") usage = { ...usage, ...event.usage };
      else if (event.kind === "done") stop = event.stop;
    },
    all: () => ({
      text: text.trim(),
      calls: [...calls.values()].map((call) => ({ ...call, arguments: call.arguments.trim() })),
      pieceCount,
      stop,
      outputTokens: usage.outputTokens,
    }),
  };
}
