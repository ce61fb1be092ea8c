import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { Agent, Pool } from "undici";
import { afterEach, expect, test } from "vitest";
import { patientPool, type WantedCall } from "../../src/host/patient-pool.ts";

const servers: Server[] = [];
const agents: Agent[] = [];
afterEach(async () => {
  for (const agent of agents.splice(0)) await agent.destroy();
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  }
});

/** A vendor that never answers. */
async function silent() {
  let connections = 0;
  const server = createServer().on("connection", () => connections++);
  servers.push(server);
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  const { port } = server.address() as AddressInfo;
  return { origin: `http://127.0.0.1:${port}`, server, connections: () => connections, knock: () => knock(port) };
}

/** One more connection; what came before it has been counted when it is there. */
async function knock(port: number): Promise<void> {
  const socket = connect(port, "127.0.0.1");
  await once(socket, "connect");
  await new Promise((done) => socket.once("close", done).destroy());
}

/** Asks, gives up once the request is there, and waits until that connection is closed. */
async function giveUp(factory: (origin: string | URL, options: Agent.Options) => Pool): Promise<number> {
  const agent = new Agent({ factory: (origin, options) => factory(origin, options) });
  agents.push(agent);
  const { origin, server, connections, knock: knocked } = await silent();
  let isStarted = false;
  const call: WantedCall = { origin, path: "/", method: "POST", body: "{}", isWanted: () => !isStarted };
  const failed = new Promise<unknown>((resolve) => {
    agent.dispatch(call, {
      onRequestStart: (controller) => {
        isStarted = true;
        server.once("request", ({ socket }) => {
          socket.once("close", () => resolve(undefined));
          controller.abort(new Error("given up"));
        });
      },
      onResponseError: () => undefined,
    });
  });
  await failed;
  await knocked();
  await knocked();
  return connections() - 2;
}

test("a request that is given up closes its connection, and no other one is made in its place", async () => {
  expect(await giveUp(patientPool)).toBe(1);
});

test("undici's own pool makes another one for nobody: where this fails, the patient one is needed no more", async () => {
  expect(await giveUp((origin, options) => new Pool(origin, options))).toBe(2);
});

test("the next request after it gets a connection", async () => {
  const agent = new Agent({ factory: patientPool });
  agents.push(agent);
  const { origin, server } = await silent();
  const first = new AbortController();
  const given = agent.request({ origin, path: "/", method: "POST", body: "{}", signal: first.signal }).catch((thrown: Error) => thrown.name);
  await once(server, "request");
  first.abort();
  expect(await given).toBe("AbortError");
  server.on("request", (_, answer) => answer.end("here"));
  const { body } = await agent.request({ origin, path: "/", method: "POST", body: "{}" });
  expect(await body.text()).toBe("here");
});
