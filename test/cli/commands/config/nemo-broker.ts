import { type Broker, openBroker } from "../../../../src/broker.ts";
import { makeStyle } from "../../../../src/cli/style.ts";
import { nemo } from "../../../config/nemo.ts";
import { type FakeMachine, fakeHost } from "../../../support/fake-host.ts";

export function brokerOf(machine: FakeMachine, agent?: string): Promise<Broker> {
  return openBroker({ host: fakeHost(machine), names: nemo, agent });
}

export const style = makeStyle({ colour: false, width: 80, cli: "nemo", homeDir: "/home/me", nowMs: 0 });
