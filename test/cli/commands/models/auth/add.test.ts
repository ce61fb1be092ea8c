import { describe, expect, test } from "vitest";
import { createRegistry } from "../../../../../src/provider/registry.ts";
import { builtinVendors } from "../../../../../src/providers/index.ts";
import { response } from "../../../../support/fake-host.ts";
import { login, loginMachine } from "../../../login-rig.ts";
import { CONFIG, GROQ_STORE, json, LAB, paste, STORE } from "./pasting.ts";

const KEY = "gsk_canary9876543210";
const COMMAND = "models auth add --provider groq";
const stored = (key: string) => ({ type: "api_key", provider: "groq", key });
const STORE_IT = 0;
const lines = (question: string | undefined): string[] => (question ?? "").split("\n  ");

test("without a terminal it says which command reads stdin", async () => {
  const { exit, err, files } = await paste({ stdin: KEY }, COMMAND);
  expect([exit, files]).toEqual([64, []]);
  expect(err).toContain("hint: Run `nemo models auth paste-api-key --provider groq`, which reads the key from stdin.");
});

test.each([
  [
    "google-gemini-cli",
    "Google Gemini CLI takes no API key; google does. Run `nemo models auth paste-api-key --provider google`, which reads the key from stdin.",
  ],
  ["github-copilot", "Run `nemo models auth paste-token --provider github-copilot`, which reads the token from stdin."],
  ["claude-cli", "`nemo plugins info claude-cli` says more."],
])("without a terminal it sends nobody of %s to a command that refuses it", async (provider, hint) => {
  const { exit, err } = await paste({ stdin: KEY }, `models auth add --provider ${provider}`);
  expect([exit, err]).toEqual([64, expect.stringContaining(hint)]);
});

test("asks for the provider among all that there are, by their names", async () => {
  const { exit, shown } = await paste({ answers: [] }, "models auth add");
  const [question, ...choices] = lines(shown[0]);
  expect([exit, question]).toEqual([130, "Which provider is the account for?"]);
  expect(choices.length).toBe(createRegistry(builtinVendors, []).size);
  expect(choices).toContain("Groq (groq) (API key)");
  expect(choices).toEqual(choices.toSorted((a, b) => (a.toLowerCase() < b.toLowerCase() ? -1 : 1)));
});

test("asks for a name, a place and the key, tests it if that is wanted, and stores it", async () => {
  const http = ({ headers }: { headers: Readonly<Record<string, string>> }) =>
    headers["authorization"] === undefined ? response(401) : response(200, '{"data":[]}');
  const { exit, out, shown, profiles, asked } = await paste({ answers: ["groq:work", STORE_IT, KEY, true], http }, COMMAND);
  expect([exit, profiles, asked.length]).toEqual([0, { "groq:work": stored(KEY) }, 2]);
  expect(shown.map((text) => lines(text)[0])).toEqual([
    "What should it be called? [groq:default]",
    "Where should the key rest?",
    "note: Keys are made at https://console.groq.com/keys",
    "API key of Groq",
    "Test it now? One request for the list of models; it costs nothing. [yes]",
    "note: Asking Groq once…",
  ]);
  expect(out).toMatch(/^Saved groq:work \(api_key, gsk_…123abc\) in\n.*\n✓ Groq accepts it\.\n/);
  expect(JSON.stringify([out, shown])).not.toContain("canary");
});

test("whoever gives up at any question has stored nothing", async () => {
  const all = ["groq:work", STORE_IT, KEY];
  for (let given = 0; given <= all.length; given++) {
    expect(await paste({ answers: all.slice(0, given) }, COMMAND)).toMatchObject({ exit: 130, out: "", files: [] });
  }
});

test("as data it says what was stored", async () => {
  const { out } = await paste({ answers: ["groq:work", STORE_IT, KEY, false] }, `${COMMAND} --json`);
  expect(JSON.parse(out)).toMatchObject({
    schemaVersion: 1,
    provider: "groq",
    instead: null,
    stored: { outcome: "added", account: { profileId: "groq:work" }, test: null },
  });
});

describe("a key that the vendor rejects", () => {
  const machine = (answers: readonly (string | number | boolean)[]) => ({ files: { [CONFIG]: json(LAB) }, answers, http: () => response(401) });
  const [api_key, yes, again, keep] = [0, true, 0, 1];

  test("is asked for again", async () => {
    const { exit, shown, files } = await paste(machine([api_key, "lab:a", STORE_IT, "canary-1", yes, again]), "models auth add --provider lab");
    expect([exit, files]).toEqual([130, []]);
    expect(shown.at(-3)).toBe("warning: lab rejects it (401).");
    expect(lines(shown.at(-1))[0]).toBe("Where should the key rest?");
  });

  test("is stored where a person wants that", async () => {
    const { exit, out, profiles } = await paste(machine([api_key, "lab:a", STORE_IT, "canary-1", yes, keep]), "models auth add --provider lab");
    expect([exit, Object.keys(profiles ?? {})]).toEqual([0, ["lab:a"]]);
    expect(out).toContain("✗ lab rejects it.");
  });
});

describe("where accounts are stored already", () => {
  const files = { [STORE]: GROQ_STORE };
  const [another, replace] = [0, 1];

  test("another one gets the next free name", async () => {
    const { shown, profiles } = await paste({ files, answers: [another, "groq:2", STORE_IT, KEY, false] }, COMMAND);
    expect(lines(shown[0]?.replace(/…[0-9a-f]{6}/, "…123abc"))).toEqual([
      "Groq has an account here already",
      "Add another one",
      "Replace groq:default (api_key, gsk_…123abc)",
    ]);
    expect(shown[1]).toBe("What should it be called? [groq:2]");
    expect(Object.keys(profiles ?? {})).toEqual(["groq:default", "groq:2"]);
  });

  test("one of them can be replaced without further questions", async () => {
    const { shown, profiles } = await paste({ files, answers: [replace, STORE_IT, KEY, false] }, COMMAND);
    expect(profiles).toEqual({ "groq:default": stored(KEY) });
    expect(shown.some((text) => text.startsWith("What should it be called?"))).toBe(false);
  });
});

describe("the secret can rest elsewhere", () => {
  const answers = (place: number, written: string) => ["groq:work", place, written, false];
  const [inVariable, inFile, inProgram] = [1, 2, 3];

  test("in a variable, a file or with a program", async () => {
    const none = { exitCode: undefined, stdout: "", failure: "ENOENT" };
    const kept = async (machine: object, place: number, written: string) =>
      (await paste({ ...machine, answers: answers(place, written) }, COMMAND)).profiles?.["groq:work"];
    expect(await kept({ env: { MY_KEY: KEY } }, inVariable, "MY_KEY")).toMatchObject({ ref: "env:MY_KEY" });
    expect(await kept({ files: { "/home/me/key": KEY } }, inFile, "/home/me/key")).toMatchObject({ ref: "file:/home/me/key" });
    expect(await kept({ run: (name: string) => (name === "pass" ? { exitCode: 0, stdout: KEY } : none) }, inProgram, "pass groq")).toMatchObject({
      ref: 'exec:["pass","groq"]',
    });
  });

  test("what leads nowhere is said, and the place asked for again", async () => {
    const { exit, shown } = await paste({ answers: ["groq:work", inVariable, "MY_KEY"] }, COMMAND);
    expect(exit).toBe(130);
    expect(shown.at(-2)).toContain("warning: The reference env:MY_KEY was understood, but the variable is not set.");
    expect(lines(shown.at(-1))[0]).toBe("Where should the key rest?");
  });

  test("in the keychain, where one answers", async () => {
    const kept = new Map<string, string>();
    const run = (_command: string, args: readonly string[], { input }: { input?: string } = {}) => {
      const place = args.slice(-3).join("/");
      if (args[0] === "store") kept.set(place, input ?? "");
      const secret = kept.get(place);
      return args[0] === "lookup" && secret === undefined ? { exitCode: 1, stdout: "", stderr: "" } : { exitCode: 0, stdout: secret ?? "", stderr: "" };
    };
    const [inKeychain] = [1];
    const { exit, profiles, shown } = await paste({ run, answers: ["groq:work", inKeychain, KEY, false] }, COMMAND);
    expect([exit, profiles]).toEqual([0, { "groq:work": { type: "api_key", provider: "groq", ref: "keyring:signalbox/groq:work" } }]);
    expect([...kept.values()]).toEqual([KEY]);
    expect(lines(shown[1])[2]).toBe("In the system's keyring (Secret Service)");
  });
});

describe("ways that store nothing here", () => {
  const add = async (provider: string, answers: readonly number[] = []) => {
    const { exit, out, err, shown, files } = await paste({ answers }, `models auth add --provider ${provider}`);
    return { exit, out: out.replace(/\n {2}/g, " "), err, shown, files };
  };

  test("a login of another program is named with the command that makes it", async () => {
    expect((await add("claude-cli")).out).toContain("→ Run `claude` and log in there");
  });

  test("a program that keeps its own login is asked whether it has one", async () => {
    const run = () => ({ exitCode: 0, stdout: "" });
    const machine = { login: loginMachine({}), run, answers: [0] };
    const { exit, out, files, ran } = await paste(machine, "models auth add --provider amazon-bedrock");
    expect([exit, files, ran.at(-1)]).toEqual([0, [], "aws sts get-caller-identity --output text"]);
    expect(out).toContain("aws is logged in, and keeps the login.");
  });

  test("a server that asks for no key needs nothing", async () => {
    expect((await add("ollama", [1])).out).toContain("No key: nothing has to be stored.");
  });

  test("a login that its vendor forbids is no way, and the reason is said", async () => {
    const { exit, out, err, files } = await add("google-antigravity");
    expect([exit, out, files]).toEqual([64, "", []]);
    expect(err).toContain("Google Antigravity takes");
    expect(err).toContain("Google forbids this login outside its own program");
  });
});

test("the logins of a vendor come first, and lead to what `models auth login` does", async () => {
  const vendor = { "/api/v1/auth/keys": { key: "sk-or-v1-canary0123456789" } };
  const { exit, shown, profiles } = await login({ vendor, comesBack: { code: "c" }, answers: [0] }, "models auth add --provider openrouter");
  expect(lines(shown[0]).slice(0, 2)).toEqual(["How?", "Log in: Browser"]);
  expect([exit, profiles]).toMatchObject([0, { "openrouter:default": { type: "api_key", provider: "openrouter" } }]);
});

test("Anthropic's setup-token is offered as what it is", async () => {
  const { shown } = await paste({ answers: [0] }, "models auth add --provider anthropic");
  expect(lines(shown[0])).toEqual([
    "How?",
    "Claude subscription token (what `claude setup-token` prints; for Claude Code alone)",
    "API key (made at https://platform.claude.com/settings/keys)",
  ]);
  expect(shown.at(-1)).toContain("Have you run `claude setup-token`");
});
