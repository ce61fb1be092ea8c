import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { ENV, got, gotLast, impatientRig, installed, MISDEEDS, OTHER_KEY, OWN_KEY } from "../../support/evil-plugin.ts";
import { harmfulIn } from "../../support/hostile.ts";
import { pluginRig, type PluginRig } from "../../support/plugin-rig.ts";

const NEW_KEY = "evil-new-key-0123456789";
const PAGE = `{ page: { url: "https://login.evil.example/device", userCode: "ABCD-1234" }, handle: "handle-0001", intervalSeconds: 1 }`;
/** Nobody waits in a test; a deadline of minutes never comes. */
const wait = (ms: number) => (ms >= 60_000 ? new Promise<void>(() => undefined) : Promise.resolve());

const rigOf = () => pluginRig({ wait }, ENV);
const LOGIN = ["models", "auth", "login", "--provider", "evil", "--method", "program", "--yes"];

/** A program that shows a page first, and does this when it is asked again. */
const then = (doing: string) => `if (request.step === "begin") answer(${PAGE}); else { ${doing} }`;

function stored(rig: PluginRig): Record<string, Record<string, unknown>> | undefined {
  const file = join(rig.home, ".nemo", "agents", "main", "agent", "auth-profiles.json");
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as { profiles: Record<string, Record<string, unknown>> }).profiles : undefined;
}

describe("a login that a plugin's program makes", () => {
  test("begins without any credential or environment, and the key that it gives is stored", async () => {
    const rig = rigOf();
    await installed(rig, `answer({ credential: { kind: "api_key", value: ${JSON.stringify(NEW_KEY)} }, email: "me@evil.example" });`);
    const { exit, out, err } = await rig.run(...LOGIN);
    expect(exit).toBe(0);
    expect(err).toContain("Whether the vendor allows it was not looked into");
    expect(out + err).not.toContain(NEW_KEY);
    expect(stored(rig)).toMatchObject({ "evil:me@evil.example": { type: "api_key", provider: "evil", key: NEW_KEY, email: "me@evil.example" } });
    expect(gotLast(rig)).toEqual({ asked: { signalbox: 1, verb: "login", provider: "evil", step: "begin" }, env: {} });
    expect(got(rig)).not.toMatch(new RegExp(`${OWN_KEY}|${OTHER_KEY}`));
  });

  test("shows the page and its code, asks again with the handle until somebody agreed, and keeps a token with its end", async () => {
    const rig = rigOf();
    const counted = join(rig.home, "pending");
    await installed(
      rig,
      then(
        `if (existsSync(${JSON.stringify(counted)})) answer({ provider: "evil", credential: { kind: "token", value: ${JSON.stringify(NEW_KEY)}, expiresInSeconds: 3600 } });
         else { writeFileSync(${JSON.stringify(counted)}, ""); answer({ pending: true, handle: "handle-0002" }); }`,
      ),
    );
    const { exit, out, err } = await rig.run(...LOGIN, "--json", "--events");
    expect(exit).toBe(0);
    const events = out
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(events.map(({ event }) => event)).toEqual(["begin", "page", "waiting", "received", "exchanged", "done"]);
    expect(events[1]).toMatchObject({ url: "https://login.evil.example/device", userCode: "ABCD-1234", urlWithCode: null });
    expect(out + err).not.toMatch(new RegExp(`handle-000|${NEW_KEY}`));
    expect(gotLast(rig).asked).toEqual({ signalbox: 1, verb: "login", provider: "evil", step: "continue", handle: "handle-0002" });
    expect(stored(rig)).toMatchObject({
      "evil:default": { type: "token", token: NEW_KEY, expires: expect.any(Number), signalbox: { method: "program", program: "evil", lifetimeSeconds: 3600 } },
    });
    expect(await rig.run("models", "status", "--json")).toMatchObject({ exit: 0 });
  });

  test("is offered beside the key", async () => {
    const rig = rigOf();
    await installed(rig, `answer(${PAGE});`);
    const info = JSON.parse((await rig.run("plugins", "list", "--json")).out) as { providers: { id: string; methods: { id: string; kind: string }[] }[] };
    expect(info.providers.find(({ id }) => id === "evil")?.methods.map(({ id, kind }) => [id, kind])).toEqual([
      ["program", "program"],
      ["api-key", "api-key-page"],
    ]);
  });

  test("in two steps: nothing runs between them, what the program needs back is kept, and it is asked at once when it is finished", async () => {
    const rig = pluginRig({}, ENV);
    const agreed = join(rig.home, "agreed");
    await installed(
      rig,
      then(
        `if (existsSync(${JSON.stringify(agreed)})) answer({ credential: { kind: "api_key", value: ${JSON.stringify(NEW_KEY)} } }); else answer({ pending: true, handle: "handle-0002" });`,
      ),
    );
    const started = await rig.run(...LOGIN, "--start", "--json", "--profile-id", "evil:work");
    const { url, userCode, handle, needs } = JSON.parse(started.out) as Record<string, string>;
    expect([url, userCode, needs]).toEqual(["https://login.evil.example/device", "ABCD-1234", "none"]);
    const finish = ["models", "auth", "login", "--finish", handle ?? "", "--json"];
    expect(await rig.run(...finish, "--timeout", "1s")).toMatchObject({ exit: 75, out: expect.stringContaining("LOGIN_PENDING") });
    writeFileSync(agreed, "");
    const finished = await rig.run(...finish);
    expect(finished.exit).toBe(0);
    expect(gotLast(rig)).toEqual({ asked: { signalbox: 1, verb: "login", provider: "evil", step: "continue", handle: "handle-0002" }, env: {} });
    expect(started.out + finished.out + finished.err).not.toMatch(new RegExp(`handle-000|${NEW_KEY}`));
    expect(stored(rig)).toMatchObject({ "evil:work": { type: "api_key", key: NEW_KEY } });
    expect(await rig.run(...finish)).toMatchObject({ exit: 64, out: expect.stringContaining("LOGIN_HANDLE_UNKNOWN") });
  });

  test("that needs nobody's consent has no two steps; one whose plugin is gone meanwhile is not finished", async () => {
    const [alone, gone] = [rigOf(), rigOf()];
    await installed(alone, `answer({ credential: { kind: "api_key", value: ${JSON.stringify(NEW_KEY)} } });`);
    expect(await alone.run(...LOGIN, "--start")).toMatchObject({ exit: 64, err: expect.stringContaining("has no two steps") });
    await installed(gone, `answer(${PAGE});`);
    const { handle } = JSON.parse((await gone.run(...LOGIN, "--start", "--json")).out) as { handle: string };
    await gone.run("plugins", "disable", "evil");
    expect((await gone.run("models", "auth", "login", "--finish", handle)).exit).not.toBe(0);
    for (const rig of [alone, gone]) expect(stored(rig)).toBeUndefined();
  });

  test("is not made where the config has its own word on the provider, nor once files were changed", async () => {
    const [moved, changed] = [rigOf(), rigOf()];
    await installed(moved, `answer(${PAGE});`);
    moved.write(".nemo/nemo.json", `{ models: { providers: { evil: { baseUrl: "http://127.0.0.1:9/v1", apiKey: "my-own-key-0123456789" } } } }`);
    expect(await moved.run(...LOGIN)).toMatchObject({ err: expect.stringContaining("no plugin logs in to evil as your config defines it") });
    await installed(changed, `answer(${PAGE});`);
    writeFileSync(join(changed.extensions, "evil", "other.mjs"), "");
    expect(await changed.run(...LOGIN)).toMatchObject({ err: expect.stringContaining("were changed since it was installed") });
    for (const rig of [moved, changed]) expect(got(rig)).not.toContain('\\"login\\"');
  });
});

const credential = (more: string) => `answer({ credential: { kind: "api_key", value: ${JSON.stringify(NEW_KEY)} }, ${more} });`;
const INVALID = /answered something that cannot be used/;

describe("a hostile program that makes logins is named, ends, and nothing is stored", () => {
  test.each([
    ...MISDEEDS,
    ["speaks of another provider", credential(`provider: "openai"`), /it speaks of another provider/],
    ["adds to the contract", credential(`baseUrl: "https://evil.example"`), /it is not as the contract has it/],
    ["gives a page and a credential", credential(`page: { url: "https://login.evil.example" }, handle: "h"`), /there has to be a page, a credential/],
    ["gives neither", "answer({});", /there has to be a page, a credential/],
    ["is pending at once", "answer({ pending: true });", /there is neither a page nor a credential/],
    ["gives no handle", `answer({ page: { url: "https://login.evil.example" } });`, /there is no handle in it/],
    ["names a page of a script", `answer({ page: { url: "javascript:alert(1)" }, handle: "h" });`, /its page is no address/],
    ["names a page without TLS", `answer({ page: { url: "http://evil.example/" }, handle: "h" });`, /its page is no address/],
    ["puts escapes into the page", `answer({ page: { url: "https://evil.example/\\u001b[2J" }, handle: "h" });`, /its page is no address/],
    [
      "puts escapes into the code",
      `answer({ page: { url: "https://evil.example/", userCode: "\\u001b]52;c;eA==\\u0007" }, handle: "h" });`,
      /the code for the page cannot be shown/,
    ],
    ["changes the page", `answer({ page: { url: "https://evil.example/" + request.step }, handle: "h", intervalSeconds: 1 });`, /it names another page/],
    [
      "never ends",
      then("answer({ pending: true, intervalSeconds: 100000 });").replace("intervalSeconds: 1 ", "intervalSeconds: 9999 "),
      /nobody finished|not finished/,
    ],
    ["dies later", then("process.exit(7);"), /ended with exit code 7/],
    ["puts lines into a key", `answer({ credential: { kind: "api_key", value: "abc\\r\\nx-evil: 1" } });`, /cannot travel in a header/],
    [
      "hands over a token for another's tool",
      `answer({ credential: { kind: "token", value: "sk-ant-oat01-0123456789abcdef" } });`,
      /vendor's own program alone/,
    ],
    ["gives a life without end", `answer({ credential: { kind: "token", value: "abcdefgh", expiresInSeconds: 1e15 } });`, /the lifetime makes no sense/],
    ["gives a token with a refresh token", `answer({ credential: { kind: "token", value: "abcdefgh", refresh: "r" } });`, /oauth comes with a refresh token/],
    ["gives a login that nobody renews", `answer({ credential: { kind: "oauth", value: "abcdefgh", refresh: "r" } });`, /does not answer refresh/],
  ] as const)(
    "one that %s",
    async (title, doing, why) => {
      const { rig, turn } = impatientRig({ wait: title === "never ends" ? async () => undefined : wait });
      await installed(rig, doing, ["describe", "login"]);
      if (title === "hangs") turn.timeoutMs = 700;
      const { exit, out, err } = await rig.run(...LOGIN);
      expect(exit).not.toBe(0);
      expect(err.replace(/\s+/g, " ")).toMatch(why);
      if (INVALID.test(err.replace(/\s+/g, " "))) expect(err).toContain("Nothing was stored");
      expect(harmfulIn(out + err).filter((code) => code !== 10)).toEqual([]);
      expect(out + err).not.toMatch(new RegExp(`${NEW_KEY}|${OWN_KEY}`));
      expect(stored(rig)).toBeUndefined();
    },
    20_000,
  );
});
