import { noTalk } from "../../../support/fake-talk.ts";
import { expect, test } from "vitest";
import { configSchema } from "../../../../src/cli/commands/config/schema.ts";
import { configJsonSchema } from "../../../../src/config/json-schema.ts";
import { brokerOf, style } from "./nemo-broker.ts";

test("the packaged schema is printed as it is", async () => {
  const schema = configJsonSchema();
  const report = await configSchema.run(await brokerOf({ packaged: { "config.schema.json": JSON.stringify(schema) } }), {}, [], noTalk);
  expect(report).toEqual(schema);
  expect(JSON.parse(configSchema.human(report, style, {}))).toEqual(schema);
});

test("a damaged installation says so", async () => {
  await expect(async () => configSchema.run(await brokerOf({}), {}, [], noTalk)).rejects.toMatchObject({
    code: "INTERNAL",
    message: "the schema is missing from this installation",
  });
});
