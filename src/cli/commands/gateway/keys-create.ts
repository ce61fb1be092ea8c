import { createKey, keyFilePath } from "../../../gateway/key-file.ts";
import { looksSecret, secretRefused } from "../../../config/secret-looks.ts";
import { AppError } from "../../../kernel/errors.ts";
import type { Broker } from "../../../broker.ts";
import { defineCommand } from "../../command.ts";
import { amount, duration, type Given, list } from "../../option.ts";
import type { Style } from "../../style.ts";
import { wrap } from "../../text-width.ts";

/** The key itself, this once: what is kept is its digest. */
export interface GatewayKeysCreateReport {
  schemaVersion: 1;
  name: string;
  key: string;
  /** What it may ask for; null: everything. */
  models: string[] | null;
  expiresAtMs: number | null;
  requestsPerMinute: number | null;
  concurrency: number | null;
}

const options = {
  model: list("<model>", "it may ask for this only; * stands for anything, as in groq/*", { names: "model" }),
  expires: duration("it ends after this long (default: never)", undefined, "d", 1),
  requestsPerMinute: amount("<count>", "so many requests a minute at most"),
  concurrency: amount("<count>", "so many requests at the same time at most"),
};

export const gatewayKeysCreate = defineCommand({
  summary: "Make a key by which a program may ask the gateway",
  about:
    "The key is shown this once; its digest is kept in the state folder. Give each program one of its own, so that one can be taken away alone. A gateway that runs takes it at once.",
  args: [{ name: "name", help: "what to call it, for example the program that will use it" }],
  options,
  reveals: true,
  rooms: [],
  examples: [
    { run: "gateway keys create editor", does: "a key for everything" },
    { run: "gateway keys create ci --model default --expires 30d", does: "one that may little, and ends" },
  ],
  run,
  human,
  plain: ({ key }) => key,
});

const NAME = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/;

async function run(broker: Broker, given: Given<typeof options>, [name = ""]: readonly string[]): Promise<GatewayKeysCreateReport> {
  if (looksSecret(name)) throw secretRefused("USAGE", "the name of a gateway key");
  if (!NAME.test(name))
    throw new AppError("USAGE", `"${name.slice(0, 64)}" cannot be the name of a key`, {
      hint: "It is made of letters, digits and _ . - and has 64 characters at most.",
    });
  const { host } = broker;
  const { model, expires, requestsPerMinute, concurrency } = given;
  for (const [flag, value] of [
    ["--requests-per-minute", requestsPerMinute],
    ["--concurrency", concurrency],
  ] as const)
    if (value !== undefined && (!Number.isInteger(value) || value < 1))
      throw new AppError("USAGE", `${flag} takes a whole number of at least 1`, { hint: `For example: ${flag} 10` });
  const expiresAtMs = expires === undefined ? undefined : host.nowMs() + expires;
  const wishes = {
    name,
    ...(model.length > 0 && { models: model }),
    ...(expiresAtMs !== undefined && { expiresAtMs }),
    ...(requestsPerMinute !== undefined && { requestsPerMinute }),
    ...(concurrency !== undefined && { concurrency }),
  };
  const key = await createKey(host, keyFilePath(host, broker.config().stateDir), { machine: await host.server(), wishes });
  return {
    schemaVersion: 1,
    name,
    key,
    models: model.length > 0 ? [...model] : null,
    expiresAtMs: expiresAtMs ?? null,
    requestsPerMinute: requestsPerMinute ?? null,
    concurrency: concurrency ?? null,
  };
}

function human({ name, key }: GatewayKeysCreateReport, style: Style): string {
  return [
    style.bold(key),
    wrap(`This is the key "${name}". It is shown this once: put it where the program keeps its API key.`, style.width),
    style.dim(wrap(`Take it away again with \`${style.cli} gateway keys revoke ${name}\`.`, style.width)),
  ].join("\n");
}
