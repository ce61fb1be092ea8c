import { expect, test } from "vitest";
import { openBroker } from "../../../../src/broker.ts";
import { gatewayStatus } from "../../../../src/cli/commands/gateway/status.ts";
import { CONFIG, NAMES, NOW } from "../../../credentials/open-facts.ts";
import { fakeHost } from "../../../support/fake-host.ts";
import { packaged } from "../../../support/packaged.ts";
import { fakeTalk } from "../../../support/fake-talk.ts";

const RUN_FILE = "/home/me/.nemo/signalbox/gateway.json";
const RUNNING = { version: 1, url: "http://127.0.0.1:4100", pid: 7, startedAtMs: NOW - 5000, key: "sb-0123" };

async function* endless(): AsyncGenerator<Uint8Array> {
  for (;;) yield new Uint8Array(1024 * 1024).fill(0x78);
}

test("a program that talks without end at the gateway's old port is not listened to for ever", async () => {
  const host = fakeHost({ files: { [CONFIG]: "{}", [RUN_FILE]: JSON.stringify(RUNNING) }, nowMs: NOW, packaged });
  const http = async () => ({ status: 200, headers: {}, body: endless() });
  const broker = await openBroker({ host: { ...host, http }, names: NAMES });
  await expect(gatewayStatus.run(broker, {}, [], fakeTalk())).rejects.toMatchObject({
    code: "GATEWAY_NOT_RUNNING",
    message: "another program answers at http://127.0.0.1:4100, where the last gateway was",
  });
});
