import { expect, test } from "vitest";
import { brands } from "../../src/brand.ts";
import { main } from "../../src/cli/main.ts";
import { embedded } from "../catalog/catalog-files.ts";
import { fakeHost } from "../support/fake-host.ts";
import { fakeTerminal } from "../support/fake-terminal.ts";

const long = (middle: string): string => `vendor/a-model-of-a-name-that-${middle}-is-longer-than-any-column-of-a-terminal`;

async function lines(stdoutIsTty: boolean): Promise<string[]> {
  const host = fakeHost({ packaged: embedded({ groq: { [long("one")]: { contextTokens: 8192 }, [long("two")]: { contextTokens: 8192 } } }) });
  const terminal = fakeTerminal({ stdoutIsTty, columns: 80 });
  await main({ brand: brands.nemo, version: "1.2.3", host, terminal, argv: ["models", "list", "--all", "--no-color"] });
  return terminal.said.out.split("\n").filter((line) => line.startsWith("groq/"));
}

test("a model that is piped to a program keeps its whole id", async () => {
  expect((await lines(false)).map((line) => line.split(" ")[0])).toEqual([`groq/${long("one")}`, `groq/${long("two")}`]);
});

test("in a terminal its line fits", async () => {
  const found = await lines(true);
  expect([found.length, found.every((line) => line.length <= 80 && line.includes("…"))]).toEqual([2, true]);
});
