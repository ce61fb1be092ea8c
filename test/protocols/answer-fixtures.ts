import { readdirSync, readFileSync } from "node:fs";
import type { ChatEvent } from "../../src/chat/event.ts";
import { crc32 } from "../../src/protocols/bedrock-converse/crc32.ts";
import { PROTOCOL_IDS, type ProtocolId } from "../../src/provider/protocol-id.ts";
import type { Source } from "../../src/provider/provider.ts";
import { bytesOf } from "./chunks.ts";

/** A good answer as a vendor gives it, and what it says. */
export interface AnswerFixture {
  readonly name: string;
  readonly protocol: ProtocolId;
  readonly provider: string;
  readonly contentType: string;
  readonly bytes: Uint8Array;
  readonly isStream: boolean;
  /** Pieces of one block joined. */
  readonly events: readonly ChatEvent[];
  readonly source: Source;
}

interface FixtureFile {
  readonly title: string;
  readonly source: Source;
  readonly provider?: string;
  /** A whole answer, the lines of a stream of server-sent events, or the frames of Amazon's. */
  readonly json?: unknown;
  readonly lines?: readonly string[];
  readonly frames?: readonly (readonly [string, unknown])[];
  readonly events: readonly ChatEvent[];
}

const root = new URL("../fixtures/", import.meta.url);

export const answerFixtures: readonly AnswerFixture[] = PROTOCOL_IDS.flatMap((protocol) => {
  const folder = new URL(`${protocol}/`, root);
  return readdirSync(folder).map((file) => {
    const fixture = JSON.parse(readFileSync(new URL(file, folder), "utf8")) as FixtureFile;
    const { title, source, events, provider = "" } = fixture;
    return { name: `${protocol}: ${title}`, protocol, provider, isStream: fixture.json === undefined, events, source, ...written(fixture) };
  });
});

function written({ json, lines, frames }: FixtureFile): { contentType: string; bytes: Uint8Array } {
  if (lines !== undefined) return { contentType: "text/event-stream; charset=utf-8", bytes: bytesOf(`${lines.join("\n")}\n`) };
  if (frames !== undefined)
    return { contentType: "application/vnd.amazon.eventstream", bytes: Buffer.concat(frames.map(([type, payload]) => frame(type, payload))) };
  return { contentType: "application/json", bytes: bytesOf(JSON.stringify(json)) };
}

/** A frame of an event, or of an exception when the name begins with `!`. A text is the payload as it is sent. */
export function frame(type: string, payload: unknown): Uint8Array {
  const isException = type.startsWith("!");
  const named = isException ? { ":exception-type": type.slice(1), ":message-type": "exception" } : { ":event-type": type, ":message-type": "event" };
  const headers = Buffer.concat(Object.entries({ ...named, ":content-type": "application/json" }).map(([name, value]) => header(name, value)));
  const body = bytesOf(typeof payload === "string" ? payload : JSON.stringify(payload));
  const bytes = Buffer.alloc(16 + headers.length + body.length);
  bytes.writeUInt32BE(bytes.length, 0);
  bytes.writeUInt32BE(headers.length, 4);
  bytes.writeUInt32BE(crc32(bytes.subarray(0, 8)), 8);
  headers.copy(bytes, 12);
  bytes.set(body, 12 + headers.length);
  bytes.writeUInt32BE(crc32(bytes.subarray(0, bytes.length - 4)), bytes.length - 4);
  return bytes;
}

function header(name: string, value: string): Buffer {
  const size = Buffer.alloc(2);
  size.writeUInt16BE(Buffer.byteLength(value));
  return Buffer.concat([Buffer.of(name.length), Buffer.from(name), Buffer.of(7), size, Buffer.from(value)]);
}
