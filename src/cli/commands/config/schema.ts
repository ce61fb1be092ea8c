import type { Broker } from "../../../broker.ts";
import { AppError } from "../../../kernel/errors.ts";
import { defineCommand } from "../../command.ts";

/** A JSON Schema (draft-07). */
export interface ConfigSchemaReport {
  [keyword: string]: unknown;
}

export const configSchema = defineCommand({
  summary: "Print the JSON Schema of the config",
  about: 'For editors: write it to a file, and name that file as "$schema" in the config.',
  rooms: [],
  options: {},
  examples: [{ run: "config schema > config.schema.json", does: "the schema in a file" }],
  run: (broker: Broker): ConfigSchemaReport => readSchema(broker),
  human: (schema) => JSON.stringify(schema, undefined, 2),
  plain: (schema) => JSON.stringify(schema, undefined, 2),
  raw: true,
});

function readSchema({ host }: Broker): ConfigSchemaReport {
  try {
    return JSON.parse(host.readPackaged("config.schema.json")) as ConfigSchemaReport;
  } catch (thrown) {
    throw new AppError("INTERNAL", "the schema is missing from this installation", { hint: "Install {cli} again.", cause: thrown });
  }
}
