import { createServer, type Server, type ServerResponse } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import { setImmediate as turn } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { giveAnswer } from "../../src/host/serve-answer.ts";
import { readRequest } from "../../src/host/serve-request.ts";
import { AppError } from "../../src/kernel/errors.ts";
import { Stop } from "../../src/kernel/stop-signal.ts";
import type { Answerer, ServedResponse } from "../../src/kernel/server-machine.ts";

const servers: Server[] = [];
const sockets: Socket[] = [];
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy();
  for (const server of servers.splice(0)) server.close().closeAllConnections();
});

/** Sends that over one connection; resolves with all that came when the last of it is `until`, or the connection is closed. */
async function exchange(sent: string, until: string, answer: Answerer, given: (outgoing: ServerResponse) => void = () => undefined): Promise<string> {
  const server = createServer((incoming, outgoing) => {
    void giveAnswer(readRequest(incoming, new Stop(), { headers: 100 }), outgoing, answer).then(() => given(outgoing));
  });
  servers.push(server);
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  const socket = connect((server.address() as AddressInfo).port, "127.0.0.1", () => socket.write(sent));
  sockets.push(socket);
  let text = "";
  return new Promise((resolve) => {
    socket.on("error", () => undefined).on("close", () => resolve(text));
    socket.on("data", (piece) => {
      text += piece.toString("latin1");
      if (text.endsWith(until)) resolve(text);
    });
  });
}

const asking = (method: string, ...paths: string[]): string => paths.map((path) => `${method} ${path} HTTP/1.1\r\nhost: x\r\n\r\n`).join("");
/** The answers without the day. */
const told = (text: string): string => text.replaceAll(/(?:Date|Keep-Alive): .*\r\n/g, "").replaceAll("\r\n", "|");
const headed = (length: number): string => `HTTP/1.1 200 OK|content-length: ${length}|Connection: keep-alive||`;

describe("requests that came one behind the other", () => {
  test("are answered in their order, whoever is done first, and the connection stays", async () => {
    const done = new Map<string, () => void>();
    const answering = exchange(
      asking("GET", "/a", "/b", "/c"),
      "of /c",
      ({ target }) =>
        new Promise((resolve) => {
          done.set(target, () => resolve({ status: 200, headers: {}, body: `of ${target}` }));
          if (done.size === 3) for (const act of [...done.values()].toReversed()) act();
        }),
    );
    expect(told(await answering)).toBe(["/a", "/b", "/c"].map((path) => `${headed(5)}of ${path}`).join(""));
  });

  test("are answered behind a stream that is still to end", async () => {
    async function* pieces(): AsyncGenerator<Uint8Array> {
      for (const piece of ["one", "two"]) {
        yield Buffer.from(piece);
        await turn();
      }
    }
    const answer: Answerer = async ({ target }) => ({ status: 200, headers: {}, body: target === "/a" ? pieces() : new TextEncoder().encode("of /b") });
    const text = told(await exchange(asking("GET", "/a", "/b"), "of /b", answer));
    expect(text).toBe(`HTTP/1.1 200 OK|Connection: keep-alive|Transfer-Encoding: chunked||3|one|3|two|0||${headed(5)}of /b`);
  });
});

test.each([
  ["GET", 204, "", "HTTP/1.1 204 No Content|content-length: 0|Connection: keep-alive||"],
  ["HEAD", 200, "hi", headed(2)],
] as const)("what has no body has none, and the next one follows: %s %d", async (method, status, body, wanted) => {
  const answer: Answerer = async ({ target }) => (target === "/z" ? { status: 404, headers: {}, body: "end" } : { status, headers: {}, body });
  const text = told(await exchange(asking(method, "/a", "/b") + asking("GET", "/z"), "end", answer));
  expect(text).toBe(`${wanted}${wanted}HTTP/1.1 404 Not Found|content-length: 3|Connection: keep-alive||end`);
});

describe("a stream that throws in the middle", () => {
  const faults: unknown[] = [];
  let others: readonly unknown[] = [];
  beforeEach(() => {
    faults.length = 0;
    others = process.rawListeners("uncaughtException");
    process.removeAllListeners("uncaughtException").on("uncaughtException", (fault) => faults.push(fault));
  });
  afterEach(() => {
    process.removeAllListeners("uncaughtException");
    for (const other of others) process.on("uncaughtException", other as NodeJS.UncaughtExceptionListener);
  });

  const network = (code: string): Error => Object.assign(new Error("cut"), { code });
  const bug = new TypeError("undefined is no function");
  const unforeseen = new AppError("INTERNAL", "unexpected value", { hint: "This is a bug." });
  const unfit = new AppError("UPSTREAM_CUT", "the answer broke off", { hint: "Ask again." });
  const aborted = Object.assign(new Error("left"), { name: "AbortError" });

  test.each([
    ["a mistake of ours", bug, [bug]],
    ["a case that nobody foresaw", unforeseen, [unforeseen]],
    ["a connection that broke", network("ECONNRESET"), []],
    ["an answer that ended early", network("ERR_STREAM_PREMATURE_CLOSE"), []],
    ["a call that was given up", aborted, []],
    ["a failure with a name", unfit, []],
  ])("is cut off without its end, and a mistake alone is thrown where nobody catches it: %s", async (_, thrown, uncaught) => {
    let wasClosed = false;
    async function* pieces(): AsyncGenerator<Uint8Array> {
      try {
        yield Buffer.from("one");
        await turn();
        throw thrown;
      } finally {
        wasClosed = true;
      }
    }
    const text = told(await exchange(asking("GET", "/a"), "never", async () => ({ status: 200, headers: {}, body: pieces() })));
    expect(text).toBe("HTTP/1.1 200 OK|Connection: keep-alive|Transfer-Encoding: chunked||3|one|");
    for (let turns = 0; turns < 3; turns++) await turn();
    expect({ faults, wasClosed }).toEqual({ faults: uncaught, wasClosed: true });
  });
});

test("who is gone before the turn's end is told of once, and nobody writes to where nobody is", async () => {
  const over: string[] = [];
  const faults: unknown[] = [];
  const answer: ServedResponse = { status: 200, headers: {}, body: "hi", whenOver: (how) => void over.push(how) };
  const text = await exchange(
    asking("GET", "/a"),
    "hi",
    // What is given behind a turn's end is written at the next one's: the connection's close is told between them.
    () => turn(answer),
    (outgoing) => {
      outgoing.on("error", (fault) => faults.push(fault));
      outgoing.req.socket.destroy();
    },
  );
  for (let turns = 0; turns < 3; turns++) await turn();
  expect([text, over, faults]).toEqual(["", ["gone"], []]);
});
