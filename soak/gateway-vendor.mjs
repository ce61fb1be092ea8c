import { createServer } from "node:http";
import { setTimeout as wait } from "node:timers/promises";
import { BEHAVIOURS, events } from "../test/support/chaos-vendor.mjs";

/** Faults after whose beginning nobody can take over: an honest error is all that a client can get. */
const AFTER_CONTENT = ["content_then_cut", "content_then_end", "content_then_error", "content_then_silent"];
/** Whole answers of some other kind. */
const HARMLESS = ["garbage_between", "no_done", "no_blank_line", "crlf", "cr", "torn", "trailing", "done_then_hang", "gzip", "http10"];
const BEFORE_CONTENT = [
  ...["limited", "storm", "hostile_limit", "down", "error500", "error502", "overloaded", "redirect", "html", "html200", "error200", "empty200"],
  ...["reset", "close", "silent", "headers_then_silent", "preamble_then_silent", "preamble_then_cut", "preamble_then_end", "preamble_then_error"],
  ...["huge_event", "wrong_length", "not_http"],
];
const FAULTS = [...BEFORE_CONTENT, ...AFTER_CONTENT, ...HARMLESS];

/**
 * A vendor that thinks for a while, streams word by word, and fails in one of its ways now and then: so often that of the requests that `sent` counts the
 * share is met, although who has failed is not asked for a while. The first segment of the path: `flaky…` may fail, `steady` never does, `auth` and `billing`
 * always do so. What a request that says `soak-<n>` met is in `met`.
 */
export async function startSoakVendor(share, sent) {
  const met = new Map();
  const fired = new Map();
  let count = 0;
  const isDue = () => count < share * sent() && Math.random() < 0.3;
  const server = createServer((request, answer) => {
    let body = "";
    request.on("data", (piece) => (body += piece));
    request.on("error", () => undefined);
    request.on("end", () => void act(request, answer, body).catch(() => answer.destroy()));
  });
  const act = async (request, answer, body) => {
    const [, kind, ...rest] = request.url.split("?")[0].split("/");
    const isStream = /"stream"\s*:\s*true/.test(body);
    const path = `/${rest.join("/")}`;
    const own = kind === "steady" ? undefined : kind;
    const fault = kind.startsWith("flaky") ? (isDue() ? oneOf(FAULTS) : undefined) : own;
    const number = Number(/soak-(\d+)/.exec(body)?.[1] ?? -1);
    if (fault !== undefined) {
      count += 1;
      met.set(number, [...(met.get(number) ?? []), fault]);
      fired.set(fault, (fired.get(fault) ?? 0) + 1);
    }
    await wait(10 + Math.random() * 150);
    if (answer.destroyed) return;
    if (fault === undefined && isStream) return stream(answer, path);
    BEHAVIOURS[fault ?? "good"]({ path, body, answer, socket: request.socket, isStream, name: fault ?? "good", headers: request.headers });
  };
  server.keepAliveTimeout = 5000;
  server.on("connection", (socket) => socket.on("error", () => undefined));
  await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
  const close = () => {
    server.closeAllConnections();
    server.close();
  };
  return { url: `http://127.0.0.1:${server.address().port}`, met, fired, close };
}

async function stream(answer, path) {
  const words = Array.from({ length: 5 + Math.floor(Math.random() * 40) }, (_, at) => `word ${at} `);
  const dialect = path.endsWith("/messages") ? "anthropic" : path.endsWith("/responses") ? "responses" : "chat";
  answer.writeHead(200, { "content-type": "text/event-stream" });
  for (const event of Object.values(events(dialect, words)).flat()) {
    if (answer.destroyed) return;
    answer.write(event);
    await wait(Math.random() * 10);
  }
  answer.end();
}

function oneOf(list) {
  return list[Math.floor(Math.random() * list.length)];
}

/** A client that got less than a whole answer was told the truth: the vendor had begun it. */
export function mayBreakOff(faults = []) {
  return faults.some((fault) => AFTER_CONTENT.includes(fault));
}

export function isTakenOver(faults = []) {
  return faults.some((fault) => BEFORE_CONTENT.includes(fault) || fault === "auth" || fault === "billing");
}
