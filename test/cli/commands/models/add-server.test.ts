import JSON5 from "json5";
import { describe, expect, test } from "vitest";
import { brands } from "../../../../src/brand.ts";
import type { ModelsAddServerReport } from "../../../../src/cli/commands/models/add-server.ts";
import { main } from "../../../../src/cli/main.ts";
import { CONFIG } from "../../../credentials/open-facts.ts";
import { answering } from "../../../support/answering.ts";
import { type FakeHost, type FakeMachine, fakeHost } from "../../../support/fake-host.ts";
import { fakeTerminal } from "../../../support/fake-terminal.ts";
import { packaged } from "../../../support/packaged.ts";
import { anthropicServer, googleServer, lmStudioServer, type ModelServer, ollamaServer, openRouterServer, vllmServer } from "../../../support/model-servers.ts";

const LAN = "http://192.168.1.20:8000";

const hostOf = (servers: Readonly<Record<string, ModelServer>>, machine: FakeMachine = {}): FakeHost =>
  fakeHost({ packaged, http: answering(servers), env: { COLUMNS: "80" }, ...machine });

async function add(host: FakeHost, ...words: string[]): Promise<{ exit: number; out: string; err: string }> {
  const terminal = fakeTerminal();
  const exit = await main({ brand: brands.nemo, version: "1.2.3", host, terminal, argv: ["models", "add-server", ...words] });
  return { exit, ...terminal.said };
}

const entriesOf = (host: FakeHost): unknown => JSON5.parse<{ models: { providers: unknown } }>(host.written.get(CONFIG) ?? "").models.providers;

describe("what a server says of itself becomes an entry", () => {
  test("with the real contexts of its chat models, under the program's own name", async () => {
    const host = hostOf({ [LAN]: ollamaServer });
    const { exit, out } = await add(host, LAN);
    expect(exit).toBe(0);
    expect(entriesOf(host)).toEqual({
      ollama: {
        baseUrl: `${LAN}/v1`,
        api: "openai-completions",
        models: [
          { id: "llama3.1:8b", name: "llama3.1:8b", reasoning: false, input: ["text"], contextWindow: 4096 },
          { id: "qwen3:4b", name: "qwen3:4b", reasoning: true, input: ["text"], contextWindow: 16_384 },
          { id: "llava:7b", name: "llava:7b", reasoning: false, input: ["text", "image"], contextWindow: 32_768 },
        ],
      },
    });
    expect(out).toBe(
      [
        "Updated ~/.nemo/nemo.json",
        `ollama: Ollama at ${LAN}/v1`,
        "  ollama/llama3.1:8b (4k context)",
        "  ollama/qwen3:4b (16k context)",
        "  ollama/llava:7b (33k context)",
        "  ollama/nomic-embed-text:latest (2k context, embeddings)",
        "It asks for no key. To use it: nemo models set ollama/llama3.1:8b",
        "`nemo config undo` takes it back.\n",
      ].join("\n"),
    );
  });

  test("under the name that is given, and the report tells what was found", async () => {
    const host = hostOf({ "http://127.0.0.1:1234": lmStudioServer });
    const report: ModelsAddServerReport = JSON.parse((await add(host, "127.0.0.1:1234", "--name", "Studio", "--json")).out);
    expect(report).toMatchObject({
      outcome: "written",
      provider: "studio",
      server: "lmstudio",
      protocol: "openai-chat",
      baseUrl: "http://127.0.0.1:1234/v1",
      asksForKey: false,
      models: [
        { key: "studio/qwen2-vl-7b-instruct", contextWindow: 32_768, serves: "chat", written: true },
        { key: "studio/meta-llama-3.1-8b-instruct", contextWindow: 8192 },
        { key: "studio/text-embedding-nomic-embed-text-v1.5", serves: "embeddings", written: false },
      ],
    });
  });

  test("with how it is asked, where it asks for a key; the key is no part of it", async () => {
    const servers = { "https://a.example": anthropicServer, "https://g.example": googleServer, "https://r.example": openRouterServer };
    const host = hostOf(servers);
    expect((await add(host, "https://a.example", "--name", "claude-box")).out).toContain("It asks for a key: nemo models auth add --provider claude-box");
    await add(host, "https://g.example");
    await add(host, "https://r.example/api/v1");
    expect(entriesOf(host)).toEqual({
      "claude-box": { baseUrl: "https://a.example", api: "anthropic-messages", auth: "api-key", models: [] },
      "g-example": { baseUrl: "https://g.example/v1beta", api: "google-generative-ai", auth: "api-key", models: [] },
      "r-example": { baseUrl: "https://r.example/api/v1", api: "openai-completions", auth: "api-key", models: [] },
    });
    expect(host.asked.flatMap(({ headers }) => Object.keys(headers)).filter((name) => /auth|key/.test(name))).toEqual([]);
  });

  test("without its models, where there are too many; and never with one that the config would read as a variable", async () => {
    const many: ModelServer = ({ path }) =>
      path === "/v1/models"
        ? { status: 200, json: { object: "list", data: Array.from({ length: 61 }, (_, n) => ({ id: `m${n}`, object: "model", owned_by: "vllm" })) } }
        : { status: 404, json: {} };
    const host = hostOf({ [LAN]: many });
    expect((await add(host, LAN, "--name", "many")).out).toContain("61 of them are not written into the config; nemo models list --live shows them.");
    expect(entriesOf(host)).toMatchObject({ many: { models: [] } });
    const sly: ModelServer = () => ({ status: 200, json: { object: "list", data: [{ id: "${HOME}", object: "model", owned_by: "vllm" }] } });
    const other = hostOf({ [LAN]: sly });
    await add(other, LAN, "--name", "sly");
    expect(entriesOf(other)).toMatchObject({ sly: { models: [] } });
  });
});

test("--dry-run writes nothing and shows what it would", async () => {
  const host = hostOf({ [LAN]: vllmServer });
  const { out } = await add(host, LAN, "--dry-run");
  expect([host.written.size, out.startsWith("Nothing was written. This would change:\n~/.nemo/nemo.json")]).toEqual([0, true]);
});

test("a keyless server that was added is not needed a key for, and its models can be listed and chosen", async () => {
  const host = hostOf({ [LAN]: vllmServer });
  await add(host, LAN, "--name", "lab");
  const after = fakeHost({ packaged, http: answering({ [LAN]: vllmServer }), files: Object.fromEntries(host.written) });
  const terminal = fakeTerminal();
  await main({ brand: brands.nemo, version: "1.2.3", host: after, terminal, argv: ["models", "list", "--live", "--provider", "lab", "--json"] });
  expect(JSON.parse(terminal.said.out)).toMatchObject({ models: [{ key: "lab/Qwen/Qwen3-32B", availability: "not needed", contextWindow: 40_960 }] });
});

describe("nothing is written", () => {
  const refused = async (servers: Readonly<Record<string, ModelServer>>, words: readonly string[], files = {}) => {
    const host = hostOf(servers, { files });
    const { exit, err } = await add(host, ...words);
    return { exit, err: err.replace(/^Asking .*…\n/, ""), written: host.written.size, asked: host.asked.length };
  };
  const none: ModelServer = () => ({ status: 404, json: { detail: "Not Found" } });

  test.each([
    ["where nobody answers", [LAN], 69, "refused the connection; nothing was written"],
    ["where something else answers", ["http://127.0.0.1:7000"], 65, "has no list of models at that address (404)"],
  ])("%s", async (_, words, exit, says) => {
    const found = await refused({ "http://127.0.0.1:7000": none }, words);
    expect([found.exit, found.written]).toEqual([exit, 0]);
    expect(found.err.replaceAll(/\s+/g, " ")).toContain(says);
  });

  test.each([
    ["an address that is not encrypted", "http://llm.example.com", "neither encrypted nor on your own network"],
    ["an address with a password, which is not repeated", "https://me:hunter2@llm.example.com", "holds more than a server and a path"],
    ["an address with a query", "https://llm.example.com/v1?key=abc", "holds more than a server and a path"],
    ["a word that is no address", "ftp://x", "not the address of a server"],
    ["a key in the wrong place", "sk-ant-api03-0123456789abcdefghij", "looks like a key"],
  ])("for %s, and nobody is asked", async (_, url, says) => {
    const found = await refused({}, [url]);
    expect([found.exit, found.written, found.asked]).toEqual([64, 0, 0]);
    expect(found.err.replaceAll(/\s+/g, " ")).toContain(says);
    expect(found.err).not.toMatch(/hunter2|0123456789/);
  });

  test.each([
    ["the name of a vendor", "openai", '"openai" is a provider already'],
    ["the name of another program", "ollama", '"ollama" is a provider already'],
    ["another word for a provider", "lm-studio", '"lm-studio" means lmstudio already'],
    ["a name of one's own that is taken", "lab", '"lab" is a provider already'],
    ["a name that cannot be", "my lab", "cannot be the name of a provider"],
  ])("under %s", async (_, name, says) => {
    const files = { [CONFIG]: JSON.stringify({ models: { providers: { lab: { baseUrl: "http://10.0.0.9:1/v1", models: [] } } } }) };
    const found = await refused({ [LAN]: vllmServer }, [LAN, "--name", name], files);
    expect([found.exit, found.written]).toEqual([64, 0]);
    expect(found.err.replaceAll(/\s+/g, " ")).toContain(says);
  });

  test("for an address that a provider leads to already", async () => {
    const files = { [CONFIG]: JSON.stringify({ models: { providers: { lab: { baseUrl: `${LAN}/v1/`, models: [] } } } }) };
    expect(await refused({ [LAN]: vllmServer }, [LAN], files)).toMatchObject({
      exit: 64,
      written: 0,
      err: expect.stringContaining(`lab leads to ${LAN}/v1 already`),
    });
  });
});
