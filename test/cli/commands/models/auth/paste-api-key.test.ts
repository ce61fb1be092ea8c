import { describe, expect, test } from "vitest";
import { response } from "../../../../support/fake-host.ts";
import { CONFIG, GROQ_STORE, json, LAB, paste, STORE } from "./pasting.ts";

const KEY = "gsk_canary9876543210";
const COMMAND = "models auth paste-api-key --provider groq";
const stored = (key: string) => ({ type: "api_key", provider: "groq", key });

describe("models auth paste-api-key", () => {
  test("stores what comes on stdin, and says what that means", async () => {
    const { exit, out, err, profiles, files } = await paste({ stdin: `${KEY}\n` }, COMMAND);
    expect([exit, err, files]).toEqual([0, "", [STORE]]);
    expect(profiles).toEqual({ "groq:default": stored(KEY) });
    expect(out).toBe(
      [
        "Saved groq:default (api_key, gsk_…123abc) in",
        "~/.nemo/agents/main/agent/auth-profiles.json",
        "The only account that is asked for groq; no model of groq is in use yet.",
        "→ nemo models list --all --provider groq",
        "",
      ].join("\n"),
    );
  });

  test("a pair of AWS keys is no key of Bedrock, and the command that takes it is named", async () => {
    const stdin = JSON.stringify({ AccessKeyId: "canary-id", SecretAccessKey: "canary-secret" });
    const { exit, err, files } = await paste({ stdin }, "models auth paste-api-key --provider amazon-bedrock");
    expect([exit, files, err.includes("canary")]).toEqual([65, [], false]);
    expect(err.replace(/\s+/g, " ")).toContain(
      "it is a pair of AWS keys, with which AWS's own programs sign [CREDENTIAL_SHAPE] hint: Nothing was stored. `nemo models auth paste-token --provider amazon-bedrock` keeps it for them.",
    );
  });

  test("as data it is one document with every fact, and no secret", async () => {
    const { out } = await paste({ stdin: KEY }, `${COMMAND} --profile-id groq:work --email me@example.com --json`);
    expect(JSON.parse(out)).toMatchObject({
      schemaVersion: 1,
      outcome: "added",
      agentId: "main",
      storePath: STORE,
      vendor: "Groq",
      account: { profileId: "groq:work", provider: "groq", type: "api_key", fingerprint: "gsk_…123abc", email: "me@example.com", position: 1, reference: null },
      asked: 1,
      others: [],
      usedBy: [],
      configFiles: [],
      carriedOver: [],
      test: null,
    });
    expect(out).not.toContain("canary");
  });

  test("asks a person without showing what is typed", async () => {
    const { exit, out, shown, profiles } = await paste({ answers: ["'quoted'", KEY] }, COMMAND);
    expect([exit, profiles]).toEqual([0, { "groq:default": stored(KEY) }]);
    expect(shown).toEqual(["API key of Groq", "warning: This is no API key of Groq: it stands in quotes. Give it without them.", "API key of Groq"]);
    expect(out).not.toContain("canary");
  });

  test("whoever gives up has stored nothing", async () => {
    expect(await paste({ answers: [undefined] }, COMMAND)).toMatchObject({ exit: 130, files: [] });
  });

  test("nothing on stdin is 66", async () => {
    const { exit, err, files } = await paste({}, COMMAND);
    expect([exit, files]).toEqual([66, []]);
    expect(err).toContain("nothing came on stdin: API key of Groq [INPUT_MISSING]");
  });

  test.each([
    ["export GROQ_API_KEY=gsk_canary", 65, "it is an assignment to a variable"],
    ["gsk_canary\ngsk_canary", 65, "it is more than one line"],
    ["sk-or-v1-canary0123", 65, "that looks like a key of OpenRouter"],
    ["canary0123456789", 65, "keys of Groq begin with gsk_, and this does not"],
  ])("what cannot be a key is refused and not repeated: %s", async (stdin, code, says) => {
    const { exit, out, err, files } = await paste({ stdin }, COMMAND);
    expect([exit, files, out]).toEqual([code, [], ""]);
    expect(err.replace(/\n {7}/g, " ")).toContain(says);
    expect(err).not.toContain("canary");
  });

  test("--any-shape stores what is only unlikely, as a person may", async () => {
    expect((await paste({ stdin: "canary0123456789" }, `${COMMAND} --any-shape`)).profiles).toEqual({ "groq:default": stored("canary0123456789") });
    const asked = await paste({ answers: ["canary0123456789", false, "canary0123456789", true] }, COMMAND);
    expect(asked.profiles).toEqual({ "groq:default": stored("canary0123456789") });
    expect((await paste({ stdin: '"canary"' }, `${COMMAND} --any-shape`)).exit).toBe(65);
  });

  test("an extra word is refused and not repeated", async () => {
    const { exit, err, files } = await paste({ stdin: KEY }, `${COMMAND} gsk_canary`);
    expect([exit, files]).toEqual([64, []]);
    expect(err).not.toContain("canary");
  });

  test("names are checked before anything is read", async () => {
    expect((await paste({ stdin: KEY }, "models auth paste-api-key")).err).toContain("--provider is missing");
    expect((await paste({ stdin: KEY }, "models auth paste-api-key --provider grok")).err).toContain('hint: Did you mean "groq"?');
    const hidden = await paste({ stdin: KEY }, "models auth paste-api-key --provider sk-canary0123456789abcdef");
    expect([hidden.exit, hidden.err.includes("canary")]).toEqual([64, false]);
    expect((await paste({ stdin: KEY }, `${COMMAND} --profile-id openai:work`)).err).toContain("begins with the name of another provider than groq");
    expect((await paste({ stdin: KEY }, `${COMMAND} --profile-id env:GROQ`)).err).toContain("PROFILE_ID_INVALID");
    const copilot = await paste({ stdin: KEY }, "models auth paste-api-key --provider github-copilot");
    expect([copilot.exit, copilot.err]).toEqual([64, expect.stringContaining("models auth paste-token --provider github-copilot")]);
  });
});

describe("what is stored already", () => {
  const files = { [STORE]: GROQ_STORE };

  test("stays when it is the same", async () => {
    const same = await paste({ files, stdin: "gsk_canary0123456789" }, COMMAND);
    expect([same.exit, same.files]).toEqual([0, []]);
    expect(same.out).toContain("groq:default (api_key, gsk_…123abc) is stored already, in");
  });

  test("is replaced only when somebody says so", async () => {
    const refused = await paste({ files, stdin: KEY }, COMMAND);
    expect([refused.exit, refused.files]).toEqual([64, []]);
    expect(refused.err).toMatch(/groq:default is stored already.*\[PROFILE_EXISTS\]\nhint: .*--replace.*--profile-id/s);
    expect((await paste({ files, stdin: KEY }, `${COMMAND} --replace`)).profiles).toEqual({ "groq:default": stored(KEY) });
    expect((await paste({ files, answers: [KEY, false] }, COMMAND)).files).toEqual([]);
    const agreed = await paste({ files, answers: [KEY, true] }, COMMAND);
    expect([agreed.profiles, agreed.out.startsWith("Replaced groq:default")]).toEqual([{ "groq:default": stored(KEY) }, true]);
  });

  test("is kept beside another name", async () => {
    const { out, profiles } = await paste({ files, stdin: KEY }, `${COMMAND} --profile-id groq:work`);
    expect(Object.keys(profiles ?? {})).toEqual(["groq:default", "groq:work"]);
    expect(out).toContain("of 2 for groq");
  });
});

test("another key in the environment is named, with who is asked first", async () => {
  const { out } = await paste({ env: { GROQ_API_KEY: "gsk_canary-of-env" }, stdin: KEY }, COMMAND);
  expect(out).toContain("Asked first of 2 for groq");
  expect(out.replace(/\n {2}/g, " ")).toContain("! GROQ_API_KEY in the environment holds another key (gsk_…123abc); groq:default is asked before it.");
  expect((await paste({ env: { GROQ_API_KEY: KEY }, stdin: KEY }, COMMAND)).out).not.toContain("another key");
});

describe("the config", () => {
  test("lists the new account where it lists the provider's, at the front of an order, and keeps everything else", async () => {
    const text = `{
  // mine
  auth: {
    profiles: { "groq:old": { provider: "groq", mode: "api_key" } },
    order: { Groq: ["groq:old"] },
  },
}
`;
    const { exit, out, config, files } = await paste({ files: { [CONFIG]: text }, stdin: KEY }, `${COMMAND} --email me@example.com`);
    expect([exit, files]).toEqual([0, [STORE, CONFIG].sort()]);
    expect(config).toContain("// mine");
    expect(config).toContain('"groq:default": { provider: "groq", mode: "api_key", email: "me@example.com" }');
    expect(config).toContain('order: { Groq: ["groq:default", "groq:old"] }');
    expect(out).toContain("Updated ~/.nemo/nemo.json");
  });

  test("is left alone where it lists none of the provider", async () => {
    const text = '{ "auth": { "profiles": { "openai:old": { "provider": "openai", "mode": "api_key" } }, "order": { "openai": ["openai:old"] } } }';
    expect((await paste({ files: { [CONFIG]: text }, stdin: KEY }, COMMAND)).files).toEqual([STORE]);
  });
});

describe("--test", () => {
  const command = "models auth paste-api-key --provider lab --test";
  const files = { [CONFIG]: json(LAB) };
  const answering = (good: string) => (request: { headers: Readonly<Record<string, string>> }) =>
    request.headers["authorization"] === `Bearer ${good}` ? response(200, '{"data":[]}') : response(401, '{"error":{"code":"invalid_api_key"}}');

  test("stores what the vendor accepts", async () => {
    const { exit, out, asked, profiles } = await paste({ files, http: answering("canary-good"), stdin: "canary-good" }, command);
    expect([exit, asked.length]).toEqual([0, 2]);
    expect(profiles).toEqual({ "lab:default": { type: "api_key", provider: "lab", key: "canary-good" } });
    expect(out).toContain("✓ lab accepts it.");
  });

  test("stores nothing that the vendor rejects, and ends with 77", async () => {
    const { exit, out, err, files: written } = await paste({ files, http: answering("canary-good"), stdin: "canary-bad" }, command);
    expect([exit, out, written]).toEqual([77, "", []]);
    expect(err).toContain("lab rejects it (401) [CREDENTIAL_REJECTED]");
    expect(err).not.toContain("canary");
  });

  test("stores what could not be tested, and says why", async () => {
    const { exit, out } = await paste({ files, http: () => response(200, '{"data":[]}'), stdin: "canary" }, command);
    expect(exit).toBe(0);
    expect(out.replace(/\n {2}/g, " ")).toContain("? Whether it works is not known: lab lists its models to everybody: the credential was not examined.");
  });
});

describe("--from", () => {
  const from = (reference: string, ...more: string[]) => ["models", "auth", "paste-api-key", "--provider", "groq", "--from", reference, ...more];

  test("stores the name of a variable, and reads neither stdin nor asks", async () => {
    const { exit, out, profiles } = await paste({ env: { MY_KEY: KEY }, stdin: "unread" }, from("env:MY_KEY"));
    expect([exit, profiles]).toEqual([0, { "groq:default": { type: "api_key", provider: "groq", ref: "env:MY_KEY" } }]);
    expect(out).toContain("Saved groq:default (api_key, env:MY_KEY)");
  });

  test("what leads nowhere now is stored with a warning, and with --test not at all", async () => {
    const later = await paste({}, from("env:MY_KEY"));
    expect([later.exit, later.err]).toEqual([0, expect.stringContaining("! The reference env:MY_KEY was understood, but the variable is not set.")]);
    expect(later.out).toContain("! Not asked:");
    expect(await paste({}, from("env:MY_KEY", "--test"))).toMatchObject({ exit: 77, files: [] });
  });

  test("what it leads to is judged as a key that is pasted", async () => {
    const { exit, err, files } = await paste({ env: { MY_KEY: '"gsk_canary"' } }, from("env:MY_KEY"));
    expect([exit, files]).toEqual([65, []]);
    expect(err).toContain("what is there is no API key of Groq: it stands in quotes");
  });

  test("a program is run only to be tested", async () => {
    const run = () => ({ exitCode: 0, stdout: `${KEY}\n` });
    const reference = 'exec:["vault","read"]';
    expect(await paste({ run }, from(reference))).toMatchObject({ exit: 0, ran: [] });
    expect(await paste({ run, http: () => response(500) }, from(reference, "--test"))).toMatchObject({
      exit: 0,
      ran: ["vault read"],
      profiles: { "groq:default": { ref: reference } },
    });
  });

  test("the keychain gets the key, where it has none of that name", async () => {
    const kept = new Map<string, string>();
    const run = (_command: string, args: readonly string[], { input }: { input?: string } = {}) => {
      const place = args.slice(-3).join("/");
      if (args[0] === "store") kept.set(place, input ?? "");
      const secret = args[0] === "lookup" ? kept.get(place) : "";
      return secret === undefined ? { exitCode: 1, stdout: "", stderr: "" } : { exitCode: 0, stdout: secret, stderr: "" };
    };
    const first = await paste({ run, stdin: KEY }, from("keyring:signalbox/groq"));
    expect([first.exit, first.profiles]).toEqual([0, { "groq:default": { type: "api_key", provider: "groq", ref: "keyring:signalbox/groq" } }]);
    expect([...kept.values()]).toEqual([KEY]);
    expect((await paste({ run, stdin: "" }, from("keyring:signalbox/groq"))).exit).toBe(0);
    expect((await paste({}, from("keyring:signalbox/groq"))).exit).toBe(69);
  });

  test("what is no reference is not repeated", async () => {
    for (const written of ["gsk_canary0123456789012345", "canary"]) {
      const { exit, err, files } = await paste({ stdin: KEY }, from(written));
      expect([exit, files, err.includes("REFERENCE_INVALID"), err.includes("canary")]).toEqual([64, [], true, false]);
    }
  });
});
