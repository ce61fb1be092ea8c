import { expect, test } from "vitest";
import { brands } from "../../src/brand.ts";
import { main } from "../../src/cli/main.ts";
import { fakeHost } from "../support/fake-host.ts";
import { fakeTerminal } from "../support/fake-terminal.ts";
import { packaged } from "../support/packaged.ts";

const CONFIG = JSON.stringify({ agents: { list: [{ id: "main" }, { id: "work" }] } });

async function words(...typed: string[]): Promise<string[]> {
  const terminal = fakeTerminal();
  const host = fakeHost({ packaged, files: { "/home/me/.nemo/nemo.json": CONFIG } });
  await main({ brand: brands.nemo, version: "1.2.3", host, terminal, argv: ["__complete", ...typed] });
  return terminal.said.out.trimEnd().split("\n");
}

test("a flag that stands before the command is completed with what it names", async () => {
  expect(await words("--agent", "")).toEqual(["main", "work"]);
  expect(await words("models", "--agent", "w")).toEqual(["work"]);
});

test("flags before the command and their values do not hide the command", async () => {
  expect(await words("--agent", "work", "mod")).toEqual(["models"]);
  expect(await words("--no-color", "models", "au")).toEqual(["auth"]);
  expect(await words("--agent", "work", "models", "show", "anthro")).toEqual(["anthropic/"]);
  expect(await words("--profile", "")).toEqual([""]);
});
