import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { rolldown } from "rolldown";

/**
 * `node bench/translation.mjs`: what one event of a streamed answer costs on its way from a vendor's format to a client's, for every pair of formats,
 * beside handing on the same pieces untouched in the same run. Fails where the median adds more than the goal. `--json` prints the figures alone.
 */
const { values } = parseArgs({ options: { json: { type: "boolean" } } });
const GOAL_US = 30;
const EVENTS = 2000;
const ROUNDS = 7;
const root = join(import.meta.dirname, "..");
const folder = mkdtempSync(join(tmpdir(), "signalbox-translation-"));
const words = Array.from({ length: EVENTS }, (_, i) => `word ${i} `);
try {
  const input = {
    index: join(root, "src/protocols/index.ts"),
    servers: join(root, "src/protocols/servers.ts"),
    translate: join(root, "src/routing/translate.ts"),
    crc: join(root, "src/protocols/bedrock-converse/crc32.ts"),
  };
  const bundle = await rolldown({ input, platform: "node", external: /^node:/ });
  await bundle.write({ dir: folder, format: "esm", entryFileNames: "[name].mjs", chunkFileNames: "[name].mjs" });
  await bundle.close();
  process.exitCode = (await measure()) ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function measure() {
  const load = (name) => import(pathToFileURL(join(folder, `${name}.mjs`)).href);
  const [{ protocols }, { serverProtocols }, { translate }, { crc32 }] = await Promise.all(["index", "servers", "translate", "crc"].map(load));
  const vendors = streams(crc32);
  const rows = [];
  for (const [from, { type, pieces }] of Object.entries(vendors)) {
    for (const [to, server] of Object.entries(serverProtocols)) {
      if (from === to) continue;
      const through = async () => {
        const call = callTo(protocols[from], server);
        const host = { nowMs: () => 0, http: async () => ({ status: 200, headers: { "content-type": type }, body: each(pieces) }) };
        const tried = await translate(host, call);
        if (tried.kind !== "opened") throw new Error(`${from} → ${to}: ${JSON.stringify(tried)}`);
        return tried.value.body;
      };
      const [bare, told] = [await medianUs(async () => each(pieces)), await medianUs(through)];
      rows.push({ from, to, addedUs: round(told.p50 - bare.p50), p99Us: round(told.p99), meanUs: round(told.mean - bare.mean) });
    }
  }
  const isGood = rows.every(({ addedUs }) => addedUs <= GOAL_US);
  if (values.json) console.log(JSON.stringify({ goalUs: GOAL_US, events: EVENTS, rows }));
  else {
    for (const { from, to, addedUs, meanUs, p99Us } of rows)
      console.log(`${from.padEnd(18)} → ${to.padEnd(18)} ${addedUs.toFixed(1).padStart(5)} µs an event (mean ${meanUs.toFixed(1)}, p99 ${p99Us.toFixed(1)})`);
    console.log(`${isGood ? "ok" : "too slow"}: the goal is at most ${GOAL_US} µs added an event, at the median`);
  }
  return isGood;
}

function callTo(protocol, server) {
  return {
    protocol,
    provider: { id: "somebody", protocol: protocol.id, quirks: {} },
    request: { method: "POST", url: "https://api.example.com", headers: {}, body: "{}" },
    credential: undefined,
    server,
    head: { id: "1", model: "somebody/m", createdSeconds: 1, wantsUsage: true },
    awaits: "stream",
    firstTokenMs: 1000,
    after: () => () => undefined,
    ends: { error: ({ reason }) => new TextEncoder().encode(reason) },
    losses: [],
  };
}

async function* each(pieces) {
  yield* pieces;
}

/** Of the times between two pieces, over all rounds but the first, which warms up. */
async function medianUs(open) {
  const all = [];
  for (let round = 0; round <= ROUNDS; round++) {
    const body = await open();
    let last = performance.now();
    for await (const _ of body) {
      const now = performance.now();
      if (round > 0) all.push((now - last) * 1000);
      last = now;
    }
  }
  const sorted = all.toSorted((a, b) => a - b);
  const at = (share) => sorted[Math.floor(sorted.length * share)];
  return { p50: at(0.5), p99: at(0.99), mean: all.reduce((sum, one) => sum + one, 0) / all.length };
}

function round(us) {
  return Math.round(us * 10) / 10;
}

/** One answer of many words, as each vendor streams it: a piece an event. */
function streams(crc32) {
  const utf8 = new TextEncoder();
  const data = (value) => utf8.encode(`data: ${JSON.stringify(value)}\n\n`);
  const named = (value) => utf8.encode(`event: ${value.type}\ndata: ${JSON.stringify(value)}\n\n`);
  const sse = (pieces) => ({ type: "text/event-stream", pieces });
  const chunk = (delta, finish = null) =>
    data({ id: "c", object: "chat.completion.chunk", created: 1, model: "m", choices: [{ index: 0, delta, finish_reason: finish }] });
  const spoken = { item_id: "msg_1", output_index: 0, content_index: 0, logprobs: [] };
  const response = { id: "resp_1", object: "response", status: "in_progress", model: "m", output: [] };
  const message = { id: "msg_1", type: "message", role: "assistant", model: "m", content: [], usage: { input_tokens: 1, output_tokens: 1 } };
  const google = (text, finishReason) =>
    data({
      candidates: [{ content: { role: "model", parts: [{ text }] }, index: 0, ...(finishReason && { finishReason }) }],
      responseId: "r",
      modelVersion: "m",
    });
  const frame = (name, payload) =>
    frameOf(crc32, { ":event-type": name, ":content-type": "application/json", ":message-type": "event" }, JSON.stringify(payload));
  return {
    "openai-chat": sse([
      chunk({ role: "assistant", content: "" }),
      ...words.map((content) => chunk({ content })),
      chunk({}, "stop"),
      utf8.encode("data: [DONE]\n\n"),
    ]),
    "openai-responses": sse([
      named({ type: "response.created", sequence_number: 0, response }),
      ...words.map((delta, i) => named({ type: "response.output_text.delta", sequence_number: i + 1, ...spoken, delta })),
      named({ type: "response.completed", sequence_number: EVENTS + 1, response: { ...response, status: "completed" } }),
    ]),
    "anthropic-messages": sse([
      named({ type: "message_start", message }),
      named({ type: "content_block_start", index: 0, content_block: { type: "text", text: "" } }),
      ...words.map((text) => named({ type: "content_block_delta", index: 0, delta: { type: "text_delta", text } })),
      named({ type: "content_block_stop", index: 0 }),
      named({ type: "message_delta", delta: { stop_reason: "end_turn" }, usage: { output_tokens: EVENTS } }),
      named({ type: "message_stop" }),
    ]),
    "google-generate": sse(words.map((word, i) => google(word, i === EVENTS - 1 ? "STOP" : undefined))),
    "bedrock-converse": {
      type: "application/vnd.amazon.eventstream",
      pieces: [
        frame("messageStart", { role: "assistant" }),
        ...words.map((text) => frame("contentBlockDelta", { contentBlockIndex: 0, delta: { text } })),
        frame("contentBlockStop", { contentBlockIndex: 0 }),
        frame("messageStop", { stopReason: "end_turn" }),
      ],
    },
  };
}

/** A frame of `application/vnd.amazon.eventstream`: lengths, a checksum of them, headers of text, the payload, a checksum of it all. */
function frameOf(crc32, headers, payload) {
  const head = Buffer.concat(
    Object.entries(headers).map(([name, value]) => {
      const size = Buffer.alloc(2);
      size.writeUInt16BE(Buffer.byteLength(value));
      return Buffer.concat([Buffer.from([name.length]), Buffer.from(name), Buffer.from([7]), size, Buffer.from(value)]);
    }),
  );
  const body = Buffer.from(payload);
  const total = 16 + head.length + body.length;
  const prelude = Buffer.alloc(12);
  prelude.writeUInt32BE(total, 0);
  prelude.writeUInt32BE(head.length, 4);
  prelude.writeUInt32BE(crc32(prelude.subarray(0, 8)), 8);
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(Buffer.concat([prelude, head, body])), 0);
  return new Uint8Array(Buffer.concat([prelude, head, body, sum]));
}
