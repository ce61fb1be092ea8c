import { keyFilePath, readKeys } from "../../../gateway/key-file.ts";
import { isoTime } from "../../../kernel/duration.ts";
import type { Broker } from "../../../broker.ts";
import { defineCommand } from "../../command.ts";
import { hang } from "../../hanging-text.ts";
import type { Style } from "../../style.ts";
import { table } from "../../table.ts";

export interface GatewayKeysListReport {
  schemaVersion: 1;
  path: string;
  keys: GatewayKeyRow[];
}

/** No secret: not even the digest. */
export interface GatewayKeyRow {
  name: string;
  createdAtMs: number;
  expiresAtMs: number | null;
  expired: boolean;
  models: string[] | null;
  requestsPerMinute: number | null;
  concurrency: number | null;
}

export const gatewayKeysList = defineCommand({
  summary: "List the gateway's keys, and what each may do",
  options: {},
  rooms: [],
  examples: [{ run: "gateway keys list", does: "who may ask" }],
  run,
  human,
  plain: ({ keys }) => keys.map(({ name, expired }) => `${name}\t${expired ? "expired" : "ok"}`).join("\n"),
});

function run(broker: Broker): GatewayKeysListReport {
  const { host } = broker;
  const path = keyFilePath(host, broker.config().stateDir);
  const now = host.nowMs();
  const keys = readKeys(host, path).keys.map(({ name, createdAtMs, expiresAtMs, models, requestsPerMinute, concurrency }) => ({
    name,
    createdAtMs,
    expiresAtMs: expiresAtMs ?? null,
    expired: expiresAtMs !== undefined && expiresAtMs <= now,
    models: models === undefined ? null : [...models],
    requestsPerMinute: requestsPerMinute ?? null,
    concurrency: concurrency ?? null,
  }));
  return { schemaVersion: 1, path, keys };
}

function human({ keys }: GatewayKeysListReport, style: Style): string {
  if (keys.length === 0) return hang("", `There are no gateway keys. Make one: ${style.accent(`${style.cli} gateway keys create <name>`)}`, style.width);
  const rows = keys.map((key) => [key.name, key.models === null ? "everything" : key.models.join(", "), limitsText(key), endText(key, style)]);
  return table(rows, { headers: ["Name", "May ask", "Limits", "Ends"], style, flexible: 1 });
}

function limitsText({ requestsPerMinute, concurrency }: GatewayKeyRow): string {
  const parts = [requestsPerMinute === null ? "" : `${requestsPerMinute}/min`, concurrency === null ? "" : `${concurrency} at once`].filter(
    (part) => part !== "",
  );
  return parts.length === 0 ? "none" : parts.join(", ");
}

function endText({ expiresAtMs, expired }: GatewayKeyRow, style: Style): string {
  if (expiresAtMs === null) return "never";
  const day = isoTime(expiresAtMs).slice(0, 10);
  return expired ? style.bad(`ended ${day}`) : day;
}
