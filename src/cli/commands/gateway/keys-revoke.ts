import { keyFilePath, revokeKey } from "../../../gateway/key-file.ts";
import type { Broker } from "../../../broker.ts";
import { defineCommand } from "../../command.ts";
import { wrap } from "../../text-width.ts";

export interface GatewayKeysRevokeReport {
  schemaVersion: 1;
  name: string;
  revoked: true;
}

export const gatewayKeysRevoke = defineCommand({
  summary: "Take a gateway key away",
  about: "A gateway that runs refuses it from its next request on; answers that have begun go on to their end.",
  args: [{ name: "name", help: "as `gateway keys list` shows it", names: "gateway-key" }],
  options: {},
  rooms: [],
  examples: [{ run: "gateway keys revoke editor", does: "the program that has it is let in no more" }],
  run: async (broker: Broker, _, [name = ""]): Promise<GatewayKeysRevokeReport> => {
    await revokeKey(broker.host, keyFilePath(broker.host, broker.config().stateDir), name);
    return { schemaVersion: 1, name, revoked: true };
  },
  human: ({ name }, style) => wrap(`The key "${name}" is taken away. A gateway that runs refuses it from its next request on.`, style.width),
});
