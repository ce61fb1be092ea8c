import { once } from "node:events";
import { connect } from "node:net";
import { afterEach, expect, test } from "vitest";
import { serve } from "../../src/host/serve.ts";
import type { Answerer, ServedRequest, Serving } from "../../src/kernel/server-machine.ts";

const LIMITS = { headerBytes: 16_384, headersMs: 5000, requestMs: 5000, keepAliveMs: 5000, headers: 100, requestsPerConnection: 100 };
const get = (path: string): string => `GET ${path} HTTP/1.1\r\nhost: x\r\n\r\n`;

let serving: Serving | undefined;
afterEach(() => serving?.close());

async function start(connections: number, answer: Answerer): Promise<number> {
  serving = await serve({ hosts: ["127.0.0.1"], port: 0, limits: { ...LIMITS, connections } }, answer);
  return serving.port;
}

/** Resolves when so many have happened. */
function gathering(count: number) {
  const happened: string[] = [];
  let done = (): void => undefined;
  const all = new Promise<void>((resolve) => {
    done = resolve;
  });
  const add = (what: string): void => {
    happened.push(what);
    if (happened.length === count) done();
  };
  return { add, all: all.then(() => happened.toSorted()) };
}

test("who sends requests one behind the other and leaves is gone for each of them, answered already or not", async () => {
  const [asked, over] = [gathering(3), gathering(5)];
  const waiting: ServedRequest[] = [];
  const port = await start(10, (request) => {
    request.signal.addEventListener("abort", () => over.add(`${request.target} is told`));
    asked.add(request.target);
    const answer = { status: 200, headers: {}, body: "hi", whenOver: (how: string) => over.add(`${request.target} ${how}`) };
    if (request.target === "/b") return Promise.resolve(answer);
    waiting.push(request);
    return new Promise((resolve) => request.signal.addEventListener("abort", () => request.target === "/c" && resolve(answer)));
  });
  const socket = connect(port, "127.0.0.1", () => socket.write(get("/a") + get("/b") + get("/c")));
  expect(await asked.all).toEqual(["/a", "/b", "/c"]);
  socket.destroy();
  expect(await over.all).toEqual(["/a is told", "/b gone", "/b is told", "/c gone", "/c is told"]);
  expect(await serving?.drain(1000)).toBe("done");
});

test("a connection whose second request is being answered makes no room for another one", async () => {
  const asked = gathering(2);
  let answerFirst = (): void => undefined;
  const port = await start(1, (request) => {
    asked.add(request.target);
    return new Promise((resolve) => {
      if (request.target === "/a") answerFirst = () => resolve({ status: 200, headers: {}, body: "first" });
    });
  });
  const socket = connect(port, "127.0.0.1", () => socket.write(get("/a") + get("/b")));
  await asked.all;
  answerFirst();
  const [first] = await once(socket, "data");
  expect(String(first)).toContain("first");
  const other = connect(port, "127.0.0.1");
  other.on("error", () => undefined);
  expect(await Promise.race([once(other, "close").then(() => "the other"), once(socket, "close").then(() => "the first")])).toBe("the other");
  socket.destroy();
});
