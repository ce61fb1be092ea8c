import { describe, expect, test } from "vitest";
import { DEVICE, ENDPOINTS, login, NOW, TOKENS, VENDOR } from "../../../login-rig.ts";

const HUGGINGFACE = { signalbox: { logins: { huggingface: { clientId: "my-app", ...ENDPOINTS } } } };
const vendor = { "/device": DEVICE, "/token": [{ error: "authorization_pending" }, TOKENS], "/userinfo": { sub: "1", email: "ada@example.com" } };
const COMMAND = "models auth login huggingface --method device";

describe("by device code", () => {
  test("says what the vendor permits, shows page and code, waits, and stores the login under its e-mail address", async () => {
    const { exit, err, out, profiles } = await login({ config: HUGGINGFACE, vendor }, COMMAND);
    expect([exit, err.split("\n").slice(2)]).toEqual([
      0,
      [
        "Open this page on any device:",
        "https://id.example.com/activate",
        "and enter this code there:  ABCD-EFGH",
        "Waiting until you have agreed there. Ctrl-C stops, and leaves nothing behind.",
        "",
      ],
    ]);
    expect(err).toMatch(/^Hugging Face: Device code, with your own application\. Licence of use: for your\nown use, in any program \(own-client\)\.\n/);
    expect(out).toContain("Saved huggingface:ada@example.com (oauth, ");
    expect(out).toContain("Licence of use: for your own use, in any program. It is renewed before it ends.");
    expect(profiles?.["huggingface:ada@example.com"]).toMatchObject({
      type: "oauth",
      provider: "huggingface",
      access: "canary-access",
      refresh: "canary-refresh",
      email: "ada@example.com",
      signalbox: { method: "device", licence: "own-client", clientId: "my-app", generation: 1, tokenUrl: `${VENDOR}/token` },
    });
  });

  test("prints no token", async () => {
    for (const words of [COMMAND, `${COMMAND} --json`, `${COMMAND} --events --json`]) {
      const { exit, out, err, config } = await login({ config: HUGGINGFACE, vendor }, words);
      expect([exit, `${out}${err}${config ?? ""}`.includes("canary")]).toEqual([0, false]);
    }
  });

  test("with --json and nobody at a terminal, the page is said all the same", async () => {
    const { out, err } = await login({ config: HUGGINGFACE, vendor }, `${COMMAND} --json`);
    expect(err).toContain("! https://id.example.com/activate\n! and enter this code there:  ABCD-EFGH\n");
    expect(JSON.parse(out)).toMatchObject({
      outcome: "stored",
      provider: "huggingface",
      method: "device",
      licence: "own-client",
      standing: null,
      stored: { outcome: "added", account: { profileId: "huggingface:ada@example.com", refreshable: true } },
    });
  });

  test("control characters of a vendor do not get to the terminal", async () => {
    const hostile = { ...vendor, "/device": { ...DEVICE, user_code: "A\u001b]0;x\u0007B\u202e", verification_uri: `${VENDOR}/\u001b[2J` } };
    const { out, err } = await login({ config: HUGGINGFACE, vendor: hostile }, COMMAND);
    expect(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/.test(`${out}${err}`)).toBe(false);
  });

  test("a person who says no has stored nothing", async () => {
    const { exit, err, profiles } = await login({ config: HUGGINGFACE, vendor: { ...vendor, "/token": { error: "access_denied" } } }, COMMAND);
    expect([exit, profiles]).toEqual([77, undefined]);
    expect(err).toContain("LOGIN_DENIED");
  });
});

describe("in the browser", () => {
  const config = { signalbox: { logins: { openrouter: { authorizeUrl: `${VENDOR}/auth`, tokenUrl: `${VENDOR}/auth/keys` } } } };
  const keys = { "/auth/keys": { key: "sk-or-v1-canary0123456789", user_id: "u" } };
  const stage = { config, vendor: keys, comesBack: { code: "c" } };

  test("opens it where somebody can see it", async () => {
    const { exit, opened, err, profiles } = await login({ ...stage, canShowBrowser: true }, "models auth login openrouter");
    expect([exit, opened.length, Object.keys(profiles ?? {})]).toEqual([0, 1, ["openrouter:default"]]);
    expect(opened[0]).toMatch(/^https:\/\/id\.example\.com\/auth\?callback_url=/);
    expect(err).toContain("It was opened in your browser.");
  });

  test("does not with --no-browser", async () => {
    const { exit, opened } = await login({ ...stage, canShowBrowser: true }, "models auth login openrouter --no-browser");
    expect([exit, opened]).toEqual([0, []]);
  });

  test("--set-default makes the method's model the default", async () => {
    const { exit, out, config: written } = await login(stage, "models auth login openrouter --set-default");
    expect(exit).toBe(0);
    expect(out).toContain("Default model: openrouter/openrouter/auto");
    expect(written).toContain('"primary":"openrouter/openrouter/auto"');
  });

  test("{PFX}_ALLOW_HEADLESS_AUTH of an older agent is not needed, and does no harm", async () => {
    const { exit } = await login({ ...stage, env: { NEMO_ALLOW_HEADLESS_AUTH: "1" } }, "models auth login openrouter");
    expect(exit).toBe(0);
  });
});

describe("which account", () => {
  const entry = (more: object) => ({ type: "oauth", provider: "huggingface", access: "old", refresh: "old", expires: NOW + 1e6, ...more });
  const signalbox = { method: "device", licence: "own-client", tokenUrl: `${VENDOR}/token`, clientId: "my-app", scopes: [], generation: 1, obtainedAtMs: 1 };
  const nameless = { ...vendor, "/userinfo": { sub: "1" } };
  const after = async (profiles: Record<string, object>, words = COMMAND, asked: Record<string, unknown> = vendor, answers?: (string | number | boolean)[]) => {
    const store = { version: 1, profiles };
    const result = await login({ config: HUGGINGFACE, vendor: asked, store, ...(answers !== undefined && { answers }) }, words);
    const changed = Object.entries(result.profiles ?? {}).filter(([id, { access }]) => access === "canary-access" && profiles[id] !== undefined);
    const added = Object.keys(result.profiles ?? {}).filter((id) => profiles[id] === undefined);
    return { added, replaced: changed.map(([id]) => id) };
  };

  test("that with the same address, and no other", async () => {
    const profiles = { "huggingface:work": entry({ email: "ADA@example.com" }), "huggingface:bob@example.com": entry({ email: "bob@example.com" }) };
    expect(await after(profiles)).toEqual({ added: [], replaced: ["huggingface:work"] });
  });

  test("a pasted key of the same person is another account", async () => {
    const profiles = { "huggingface:ada@example.com": { type: "api_key", provider: "huggingface", key: "hf_1", email: "ada@example.com" } };
    expect(await after(profiles)).toEqual({ added: ["huggingface:default"], replaced: [] });
  });

  test("without an address: a free name", async () => {
    expect(await after({}, COMMAND, nameless)).toEqual({ added: ["huggingface:default"], replaced: [] });
    expect(await after({ "huggingface:default": entry({}) }, COMMAND, nameless)).toEqual({ added: ["huggingface:2"], replaced: [] });
  });

  test("without an address: the one of this method that has ended", async () => {
    const needsLogin = { sinceMs: 1, why: "it was revoked" };
    const profiles = { "huggingface:default": entry({ signalbox }), "huggingface:2": entry({ signalbox: { ...signalbox, needsLogin } }) };
    expect(await after(profiles, COMMAND, nameless)).toEqual({ added: [], replaced: ["huggingface:2"] });
  });

  test("without an address, at a terminal: the one that the person names", async () => {
    const profiles = { "huggingface:default": entry({ signalbox }) };
    expect(await after(profiles, COMMAND, nameless, [1])).toEqual({ added: [], replaced: ["huggingface:default"] });
    expect(await after(profiles, COMMAND, nameless, [0])).toEqual({ added: ["huggingface:2"], replaced: [] });
  });

  test("the one that --profile-id names", async () => {
    const profiles = { "huggingface:work": entry({}) };
    expect(await after(profiles, `${COMMAND} --profile-id huggingface:work`)).toEqual({ added: [], replaced: ["huggingface:work"] });
    expect(await after(profiles, `${COMMAND} --profile-id huggingface:home`)).toEqual({ added: ["huggingface:home"], replaced: [] });
  });

  test("is added to the config where that lists the provider's accounts", async () => {
    const config = { ...HUGGINGFACE, auth: { profiles: { "huggingface:x": { provider: "huggingface", mode: "api_key" } } } };
    const { config: written } = await login({ config, vendor }, COMMAND);
    expect(JSON.parse(written ?? "{}").auth.profiles["huggingface:ada@example.com"]).toEqual({
      provider: "huggingface",
      mode: "oauth",
      email: "ada@example.com",
    });
  });
});

describe("what is asked at a terminal", () => {
  test("the way, where there are several, and whether to go on where the vendor's yes is not plain", async () => {
    const { exit, shown, err } = await login({ answers: [false] }, "models auth login openai-codex --client-id mine");
    expect([exit, shown]).toEqual([130, ["Go on? [yes]"]]);
    expect(err).toContain("OpenAI Codex: ChatGPT in the browser. Licence of use: announced by the vendor,\nwithout written terms (vendor-announced).\n");
    expect(err).toContain("Nothing was asked of the vendor, and nothing was stored.");
    const two = await login({ answers: [] }, "models auth login huggingface");
    expect([two.exit, two.shown]).toEqual([130, ["How do you want to log in to Hugging Face?\n  Device code, with your own application\n  Access token"]]);
  });

  test("not with --yes", async () => {
    const { shown } = await login({ answers: [] }, "models auth login openai-codex --client-id mine --yes");
    expect(shown.join("\n")).not.toContain("Go on?");
  });

  test("the provider, those with a login of their own first", async () => {
    const { exit, shown } = await login({ answers: [] }, "models auth login");
    const lines = shown[0]?.split("\n  ") ?? [];
    expect([exit, lines[0], lines[1]]).toEqual([130, "Which provider do you want to log in to?", "Amazon Bedrock (amazon-bedrock) (AWS CLI, Bedrock API key)"]);
    expect(lines.findIndex((line) => line.includes("(xai)"))).toBeLessThan(lines.findIndex((line) => line.includes("(ai21)")));
  });

  test("the address that the browser ended at", async () => {
    const config = { signalbox: { logins: { chutes: { clientId: "mine", ...ENDPOINTS } } } };
    const { exit, shown } = await login({ config, vendor, answers: [undefined] }, "models auth login chutes --method browser");
    expect([exit, shown.at(-1)]).toEqual([130, "Paste the address that your browser ended at, or the code that it shows"]);
  });
});

describe("where a key is made on a page", () => {
  test("the page is shown, and the key is read hidden", async () => {
    const key = "sk-ant-api03-canary0123456789canary0123456789canary0123456789canary0123456789canary01";
    const { exit, shown, err, profiles } = await login({ answers: [key] }, "models auth login anthropic --method api-key");
    expect([exit, shown]).toEqual([0, ["API key of Anthropic"]]);
    expect(err).toContain("Keys are made on this page:\nhttps://platform.claude.com/settings/keys\n");
    expect(profiles).toEqual({ "anthropic:default": { type: "api_key", provider: "anthropic", key } });
  });

  test("a vendor whose page nobody noted is told by its documentation, which makes no keys", async () => {
    const { exit, err, opened, profiles } = await login({ stdin: "canary0123456789\n", canShowBrowser: true }, "models auth login inception");
    expect([exit, opened, profiles]).toEqual([0, [], { "inception:default": { type: "api_key", provider: "inception", key: "canary0123456789" } }]);
    expect(err).toContain("see\nhttps://docs.inceptionlabs.ai/get-started/models .\n");
    expect(err).not.toContain("Keys are made");
    const begun = await login({}, "models auth login inception --start");
    expect([begun.exit, begun.err.replace(/\s+/g, " ")]).toEqual([
      64,
      expect.stringContaining("see https://docs.inceptionlabs.ai/get-started/models . `nemo models auth paste-api-key --provider inception` stores one."),
    ]);
    expect(begun.err).not.toContain("Make a key at");
  });

  test("OpenAI's is where its keys are made", async () => {
    const { exit, err } = await login({}, "models auth login openai --start");
    expect([exit, err]).toEqual([64, expect.stringContaining("Make a key at https://platform.openai.com/api-keys and store it.")]);
  });

  test("any provider with a key can be logged in to so", async () => {
    const { exit, profiles } = await login({ stdin: "gsk_canary0123456789\n" }, "models auth login groq");
    expect([exit, profiles]).toEqual([0, { "groq:default": { type: "api_key", provider: "groq", key: "gsk_canary0123456789" } }]);
  });

  test("a setup-token is kept with its licence", async () => {
    const token = "sk-ant-oat01-canary0123456789canary0123456789canary0123456789canary0123456789canary01";
    const { out } = await login({ stdin: token }, "models auth login anthropic --method setup-token --json");
    expect(JSON.parse(out)).toMatchObject({ licence: "vendor-tool-only", stored: { vendorToolOnly: true } });
  });
});

describe("a program that keeps its own login", () => {
  test("is asked, and nothing is stored", async () => {
    const run = () => ({ exitCode: 0, stdout: "" });
    const { exit, out, ran, profiles } = await login({ run }, "models auth login azure-openai");
    expect([exit, ran, profiles]).toEqual([0, ["az account show --output none"], undefined]);
    expect(out).toContain("✓ az is logged in, and keeps the login.");
  });

  test("or leaves a sign on this machine", async () => {
    const none = await login({}, "models auth login google-vertex --method gcloud");
    expect([none.exit, none.err]).toEqual([69, expect.stringContaining("hint: Run `gcloud auth application-default login`")]);
    const file = "/home/me/.config/gcloud/application_default_credentials.json";
    const env = { GOOGLE_CLOUD_PROJECT: "p", GOOGLE_CLOUD_LOCATION: "l" };
    const found = await login({ files: { [file]: "{}" }, env }, "models auth login google-vertex --method gcloud --json");
    expect(JSON.parse(found.out)).toMatchObject({ outcome: "delegated", stored: null, delegatedTo: "gcloud" });
  });
});

describe("in two steps", () => {
  test("--start says what a person needs, first what scripts look for; --finish stores it, for the agent that it was for", async () => {
    const config = { ...HUGGINGFACE, agents: { list: [{ id: "main", default: true }, { id: "work" }] } };
    const begun = await login({ config, vendor }, `${COMMAND} --start --json --agent work`);
    const report = JSON.parse(begun.out) as Record<string, unknown>;
    expect(Object.keys(report).slice(0, 4)).toEqual(["url", "userCode", "expiresAt", "handle"]);
    expect(report).toMatchObject({ url: `${VENDOR}/activate`, userCode: "ABCD-EFGH", expiresAt: NOW + 900_000, needs: "none", licence: "own-client" });
    expect(`${begun.out}${begun.err}`).not.toContain("canary");
    const files = Object.fromEntries(begun.files.map((file) => [file, begun.read(file) ?? ""]));
    const done = await login({ config, vendor, files }, `models auth login --finish ${String(report["handle"])} --json`);
    expect([done.err, done.exit, done.profiles]).toEqual(["", 0, undefined]);
    expect(JSON.parse(done.read("/home/me/.nemo/agents/work/agent/auth-profiles.json") ?? "{}").profiles["huggingface:ada@example.com"].access).toBe(
      "canary-access",
    );
  });

  test("a person sees the page, the code and the command that goes on", async () => {
    const { out } = await login({ config: HUGGINGFACE, vendor }, `${COMMAND} --start`);
    expect(out).toMatch(
      /^Open this page on any device:\nhttps:\/\/id\.example\.com\/activate\nand enter this code there: {2}ABCD-EFGH\nThen, until 2026-11-21 12:15 UTC:\n→ nemo models auth login --finish \S+\n$/,
    );
  });
});

test("--events --json gives a line for each thing that happens", async () => {
  const { out } = await login({ config: HUGGINGFACE, vendor }, `${COMMAND} --events --json`);
  const lines = out
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(lines.map(({ event }) => event)).toEqual(["begin", "page", "waiting", "received", "exchanged", "done"]);
  expect(lines[1]).toEqual({ event: "page", url: `${VENDOR}/activate`, userCode: "ABCD-EFGH", urlWithCode: null, expiresAt: NOW + 900_000 });
  expect(lines[5]).toMatchObject({ outcome: "stored", schemaVersion: 1 });
});

describe("with an issuer of one's own", () => {
  const config = { models: { providers: { lab: { baseUrl: "https://models.example.com/v1", models: [{ id: "m", name: "M" }] } } } };
  const discovery = {
    issuer: VENDOR,
    authorization_endpoint: ENDPOINTS.authorizeUrl,
    device_authorization_endpoint: ENDPOINTS.deviceUrl,
    token_endpoint: ENDPOINTS.tokenUrl,
    userinfo_endpoint: ENDPOINTS.userinfoUrl,
    response_types_supported: ["code"],
    code_challenge_methods_supported: ["S256"],
  };
  const asked = { ...vendor, "/.well-known/openid-configuration": discovery };

  test("its endpoints are looked up, by device code where nobody sees a browser", async () => {
    const { exit, out, profiles } = await login({ config, vendor: asked }, `models auth login lab --issuer ${VENDOR} --client-id nemo --set-default`);
    expect([exit, Object.keys(profiles ?? {})]).toEqual([0, ["lab:ada@example.com"]]);
    expect(out).toContain("Default model: lab/m");
    expect(out).toContain("→ nemo config set signalbox.logins.lab.clientId nemo   keeps the client id");
  });

  test("the provider has to be there", async () => {
    const { exit, err } = await login({ config }, `models auth login lav --issuer ${VENDOR} --client-id nemo`);
    expect([exit, err]).toEqual([64, expect.stringContaining('Did you mean "lab"')]);
  });
});

describe("what cannot be", () => {
  test.each([
    ["models auth login", "TERMINAL_NEEDED", "Give --provider <name>."],
    ["models auth login opnerouter", "PROVIDER_UNKNOWN", 'Did you mean "openrouter"?'],
    ["models auth login openrouter --method brwser", "USAGE", "It has: browser, api-key."],
    ["models auth login openrouter --provider chutes", "USAGE", "Give one of the two."],
    ["models auth login huggingface --method device", "LOGIN_CLIENT_NEEDED", "https://huggingface.co/settings/applications/new"],
    ["models auth login google --method browser --client-id mine", "LOGIN_CLIENT_NEEDED", "NEMO_GOOGLE_CLIENT_SECRET"],
    ["models auth login google-antigravity", "USAGE", "Google forbids this login"],
    ["models auth login --start --finish x", "USAGE", "Give one of the two."],
    ["models auth login --finish x --method device", "USAGE", "begin again with --start"],
    ["models auth login huggingface --client-id x --events", "USAGE", "Give --json too."],
    ["models auth login huggingface --method device --client-id x --set-default", "USAGE", "models set huggingface/<model>"],
    ["models auth login huggingface --method device --client-id x --profile-id x", "PROFILE_ID_INVALID", "colon"],
  ])("%s", async (words, code, hint) => {
    const { exit, err, files } = await login({}, words);
    expect([exit, files]).toEqual([64, []]);
    expect(err.replace(/\n */g, " ")).toContain(code);
    expect(err.replace(/\n */g, " ")).toContain(hint);
  });
});

test("login-github-copilot keeps its name and its flags", async () => {
  const config = { signalbox: { logins: { "github-copilot": { clientId: "mine", deviceUrl: ENDPOINTS.deviceUrl, tokenUrl: ENDPOINTS.tokenUrl } } } };
  const github = { "/device": DEVICE, "/token": { access_token: "gho_canary0123", token_type: "bearer", scope: "read:user" } };
  const { exit, profiles } = await login({ config, vendor: github }, "models auth login-github-copilot --yes");
  expect([exit, profiles?.["github-copilot:github"]]).toMatchObject([0, { type: "token", provider: "github-copilot", token: "gho_canary0123" }]);
  const store = { version: 1, profiles: profiles ?? {} };
  const kept = await login({ config, vendor: github, store, answers: [true, false] }, "models auth login-github-copilot");
  expect([kept.exit, kept.shown.at(-1), kept.profiles]).toEqual([130, "github-copilot:github is stored already. Replace it? [yes]", undefined]);
  const host = await login({ store: undefined, config: undefined }, "models auth login-github-copilot --client-id x --host github.example.com");
  expect(host.asked.map(({ url }) => url)).toEqual(["https://github.example.com/login/device/code"]);
});
