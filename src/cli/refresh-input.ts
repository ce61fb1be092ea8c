import type { Broker } from "../broker.ts";
import type { RefreshInput } from "../credentials/refresh/refresh-input.ts";
import { renewingProgram } from "../credentials/refresh/renewing-program.ts";
import type { Talk } from "./talk.ts";

/** What renewing a login takes, for a command: it waits for what is due. */
export function refreshInputOf(broker: Broker, command: string, talk: Talk): RefreshInput {
  return {
    host: broker.host,
    idOf: (text) => broker.registry().idOf(text),
    config: broker.config(),
    names: broker.names,
    agents: broker.agents(),
    by: command,
    lives: "short",
    programOf: (provider) => renewingProgram(provider, broker),
    warn: (text) => talk.warn(text),
  };
}
