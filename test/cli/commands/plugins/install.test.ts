import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import type { HttpRequest } from "../../../../src/kernel/http.ts";
import { response } from "../../../support/fake-host.ts";
import { manifestOf, pluginRig, type PluginRig } from "../../../support/plugin-rig.ts";
import { tar } from "../../../support/tar.ts";

const MANIFEST = "signalbox.plugin.json";

test("what a plugin brings is shown first, and nothing is written without a word", async () => {
  const rig = pluginRig();
  rig.write(`src/acme/${MANIFEST}`, manifestOf("acme"));
  const dry = await rig.run("plugins", "install", "./src/acme", "--dry-run");
  expect([dry.exit, dry.err]).toEqual([0, ""]);
  expect(dry.out).toContain("Nothing was installed. This would be:");
  expect(dry.out).toMatch(/sends to +api\.acme\.example/);
  expect(dry.out).toMatch(/runs +nothing: it is data only/);
  const unasked = await rig.run("plugins", "install", "./src/acme");
  expect([unasked.exit, unasked.out]).toEqual([64, ""]);
  expect(unasked.err).toContain("sends to     api.acme.example");
  expect(unasked.err).toContain("give --yes");
  expect(readdirSync(rig.home)).toEqual(["src"]);
});

test("an installed plugin is private, pinned, and on", async () => {
  const rig = pluginRig();
  rig.write(`acme/${MANIFEST}`, manifestOf("acme"), 0o644);
  const { exit, out } = await rig.run("plugins", "install", "./acme", "--yes", "--json");
  const report = JSON.parse(out) as Record<string, unknown>;
  expect([exit, report["outcome"], report["enabled"], report["folder"]]).toEqual([0, "installed", true, join(rig.extensions, "acme")]);
  const record = JSON.parse(readFileSync(join(rig.extensions, "acme", "signalbox.install.json"), "utf8")) as Record<string, unknown>;
  expect(record).toMatchObject({ source: "folder", from: join(rig.home, "acme"), content: report["content"] });
  expect(record["manifest"]).toBe(createHash("sha256").update(manifestOf("acme")).digest("hex"));
  expect([statSync(join(rig.extensions, "acme")).mode & 0o777, statSync(join(rig.extensions, "acme", MANIFEST)).mode & 0o777]).toEqual([0o700, 0o600]);
  expect(readdirSync(rig.extensions)).toEqual(["acme"]);
  expect((await rig.run("plugins", "info", "acme")).out).toContain("https://api.acme.example/v1");
  const again = await rig.run("plugins", "install", "./acme", "--yes");
  expect([again.exit, again.err]).toEqual([64, expect.stringContaining("PLUGIN_EXISTS")]);
});

describe("nothing is installed of what", () => {
  test.each<[string, (rig: PluginRig) => void, RegExp]>([
    ["has no manifest", (rig) => void rig.write("acme/readme.md", ""), /has no manifest/],
    ["has a broken one", (rig) => void rig.write(`acme/${MANIFEST}`, `{ "id": "acme" }`), /has no "providers"/],
    ["is code for an agent", (rig) => void rig.write("acme/nemo.plugin.json", `{ "id": "acme", "configSchema": {} }`), /code that runs inside an agent/],
    ["is code for another agent", (rig) => void rig.write("acme/other.plugin.json", `{ "id": "acme", "configSchema": {} }`), /code that runs inside an agent/],
    ["takes a built-in name", (rig) => void rig.write(`acme/${MANIFEST}`, manifestOf("openai")), /built-in provider of that name|OPENAI_API_KEY/],
    [
      "takes another built-in name",
      (rig) => void rig.write(`acme/${MANIFEST}`, manifestOf("acme", {}, { id: "z.ai", env: [] })),
      /another name of the built-in provider|built-in provider of that name/,
    ],
    ["takes a built-in key", (rig) => void rig.write(`acme/${MANIFEST}`, manifestOf("openai-x", {}, { env: ["OPENAI_API_KEY"] })), /it wants OPENAI_API_KEY/],
    [
      "holds a link",
      (rig) => (rig.write(`acme/${MANIFEST}`, manifestOf("acme")), symlinkSync("/etc/passwd", join(rig.home, "acme", "data"))),
      /data is a link/,
    ],
    [
      "names a program that is not there",
      (rig) => void rig.write(`acme/${MANIFEST}`, manifestOf("acme", { program: { command: ["node", "./main.mjs"], verbs: ["models"] } })),
      /names \.\/main\.mjs/,
    ],
  ])("%s", async (_title, prepare, why) => {
    const rig = pluginRig();
    prepare(rig);
    const { exit, err } = await rig.run("plugins", "install", "./acme", "--yes");
    expect([exit, err]).toEqual([65, expect.stringMatching(why)]);
    expect(existsSync(rig.extensions)).toBe(false);
  });

  test("is not there", async () => {
    expect(await pluginRig().run("plugins", "install", "./nothing.tgz", "--yes")).toMatchObject({ exit: 66, err: expect.stringContaining("FILE_MISSING") });
    expect(await pluginRig().run("plugins", "install", "./nothing", "--yes")).toMatchObject({ exit: 66, err: expect.stringContaining("FILE_MISSING") });
  });
});

test("a plugin that wants what another one brings is not installed beside it", async () => {
  const rig = pluginRig();
  rig.write(`acme/${MANIFEST}`, manifestOf("acme"));
  rig.write(`two/${MANIFEST}`, manifestOf("two", {}, { id: "acme-two", env: ["ACME_API_KEY"] }));
  await rig.run("plugins", "install", "./acme", "--yes");
  expect(await rig.run("plugins", "install", "./two", "--yes")).toMatchObject({ exit: 65, err: expect.stringContaining("it wants ACME_API_KEY") });
});

describe("an archive", () => {
  test("is unpacked, and no script of it is run", async () => {
    const rig = pluginRig();
    const script = JSON.stringify({ name: "x", scripts: { preinstall: `touch ${rig.home}/ran`, postinstall: `touch ${rig.home}/ran` } });
    const entries = [
      { name: `package/${MANIFEST}`, text: manifestOf("acme") },
      { name: "package/package.json", text: script },
    ];
    writeFileSync(join(rig.home, "acme.tgz"), gzipSync(tar(entries)));
    expect(await rig.run("plugins", "install", "acme.tgz", "--yes")).toMatchObject({ exit: 0 });
    expect(readdirSync(join(rig.extensions, "acme"))).toEqual(["package.json", "signalbox.install.json", MANIFEST].toSorted());
    expect(existsSync(join(rig.home, "ran"))).toBe(false);
  });

  test("may not bring a record of its own", async () => {
    const rig = pluginRig();
    writeFileSync(
      join(rig.home, "acme.tar"),
      tar([
        { name: MANIFEST, text: manifestOf("acme") },
        { name: "signalbox.install.json", text: `{"source":"npm","forged":true}` },
      ]),
    );
    expect(await rig.run("plugins", "install", "acme.tar", "--yes")).toMatchObject({ exit: 0 });
    expect(readFileSync(join(rig.extensions, "acme", "signalbox.install.json"), "utf8")).not.toContain("forged");
  });

  test("that would unpack to gigabytes is refused while it is unpacked", async () => {
    const rig = pluginRig();
    writeFileSync(join(rig.home, "bomb.tgz"), gzipSync(Buffer.alloc(200 * 2 ** 20)));
    expect(await rig.run("plugins", "install", "bomb.tgz", "--yes")).toMatchObject({ exit: 65, err: expect.stringMatching(/unpacks to more than/) });
  });

  test("that climbs out leaves nothing anywhere", async () => {
    const rig = pluginRig();
    writeFileSync(
      join(rig.home, "evil.tgz"),
      gzipSync(
        tar([
          { name: MANIFEST, text: manifestOf("acme") },
          { name: "../../.bashrc", text: "evil" },
        ]),
      ),
    );
    expect(await rig.run("plugins", "install", "evil.tgz", "--yes")).toMatchObject({ exit: 65 });
    expect(readdirSync(rig.home)).toEqual(["evil.tgz"]);
  });
});

describe("a package of npm", () => {
  const tarball = gzipSync(tar([{ name: `package/${MANIFEST}`, text: manifestOf("acme") }]));
  const integrity = `sha512-${createHash("sha512").update(tarball).digest("base64")}`;

  function registry(asked: HttpRequest[], dist: object = {}) {
    return async (request: HttpRequest) => {
      asked.push(request);
      const { pathname } = new URL(request.url);
      const versions = { "1.0.0": { dist: { tarball: "https://registry.npmjs.org/acme-plugin/-/acme.tgz", integrity, ...dist } } };
      if (pathname === "/acme-plugin") return response(200, JSON.stringify({ "dist-tags": { latest: "1.0.0" }, versions }));
      if (pathname.endsWith(".tgz")) return { status: 200, headers: {}, body: one(tarball) };
      return response(404, "{}");
    };
  }

  async function* one(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
    yield bytes;
  }

  test("is fetched from the registry of npm's own settings, without a credential, and compared with what was promised", async () => {
    const asked: HttpRequest[] = [];
    const rig = pluginRig({ http: registry(asked) });
    expect(await rig.run("plugins", "install", "acme-plugin@1.0.0", "--yes", "--json")).toMatchObject({ exit: 0, out: expect.stringContaining(integrity) });
    expect(asked.map(({ url, headers }) => [url, Object.keys(headers)])).toEqual([
      ["https://registry.npmjs.org/acme-plugin", ["accept", "user-agent"]],
      ["https://registry.npmjs.org/acme-plugin/-/acme.tgz", ["accept", "user-agent"]],
    ]);
    const again = await rig.run("plugins", "update", "acme");
    expect([again.exit, again.out]).toEqual([0, "- acme is up to date\n"]);
    expect(asked).toHaveLength(3);
  });

  test.each([
    ["~/.npmrc", {}, "registry=https://mirror.example/npm/\n", "https://mirror.example/npm/acme-plugin"],
    ["npm's variable", { npm_config_registry: "https://two.example" }, "registry=https://mirror.example\n", "https://two.example/acme-plugin"],
    ["our own variable", { NEMO_NPM_REGISTRY: "http://127.0.0.1:4873/", npm_config_registry: "https://two.example" }, "", "http://127.0.0.1:4873/acme-plugin"],
  ])("comes from the registry that %s names", async (_title, env, npmrc, url) => {
    const asked: HttpRequest[] = [];
    const rig = pluginRig({ http: registry(asked) }, env);
    rig.write(".npmrc", npmrc);
    rig.write(".env", "NEMO_NPM_REGISTRY=https://evil.example");
    await rig.run("plugins", "install", "acme-plugin", "--dry-run");
    expect(asked[0]?.url).toBe(url);
  });

  test.each<[string, object, number, RegExp]>([
    ["whose bytes are others", { integrity: `sha512-${"A".repeat(86)}==` }, 65, /its SHA-512 differs/],
    ["without a SHA-512", { integrity: "sha1-abc" }, 65, /states no SHA-512/],
    ["kept at an address without TLS", { tarball: "http://cdn.example/acme.tgz" }, 65, /does not begin with https/],
    ["kept in a file", { tarball: "file:///etc/passwd" }, 65, /does not begin with https/],
  ])("%s is refused", async (_title, dist, exit, why) => {
    const rig = pluginRig({ http: registry([], dist) });
    expect(await rig.run("plugins", "install", "acme-plugin", "--yes")).toMatchObject({ exit, err: expect.stringMatching(why) });
    expect(existsSync(rig.extensions)).toBe(false);
  });

  test.each([
    ["is not there", "acme-none", 69, /answered 404/],
    ["is asked for by a range", "acme-plugin@^1.0.0", 64, /Ranges are not taken/],
    ["is an address", "https://evil.example/x", 64, /no folder, no archive and no npm package/],
    ["is named to climb", "../../x%2f..", 66, /FILE_MISSING/],
  ])("that %s is an error with its hint", async (_title, spec, exit, why) => {
    expect(await pluginRig({ http: registry([]) }).run("plugins", "install", spec, "--yes")).toMatchObject({ exit, err: expect.stringMatching(why) });
  });
});

test("a linked folder counts as it is, and is let go of without touching it", async () => {
  const rig = pluginRig();
  rig.write(`acme/${MANIFEST}`, manifestOf("acme"));
  expect(await rig.run("plugins", "install", "./acme", "--link", "--yes")).toMatchObject({ exit: 0, out: expect.stringContaining("Using acme 1.0.0 from") });
  writeFileSync(join(rig.home, "acme", MANIFEST), manifestOf("acme", {}, { baseUrl: "https://two.acme.example/v1" }));
  expect((await rig.run("plugins", "info", "acme")).out).toContain("https://two.acme.example/v1");
  expect(await rig.run("plugins", "uninstall", "acme", "--yes")).toMatchObject({ exit: 0 });
  expect(existsSync(join(rig.home, "acme", MANIFEST))).toBe(true);
  expect((await rig.run("plugins", "info", "acme")).exit).toBe(64);
});

test("what was agreed to is turned on where the config would keep it off", async () => {
  const rig = pluginRig();
  rig.write(".nemo/nemo.json", `{ plugins: { allow: ["other"], deny: ["acme"] } }`);
  rig.write(`acme/${MANIFEST}`, manifestOf("acme"));
  const { out } = await rig.run("plugins", "install", "./acme", "--yes", "--json");
  expect(JSON.parse(out)).toMatchObject({ enabled: true });
  expect(readFileSync(join(rig.home, ".nemo", "nemo.json"), "utf8")).toContain(`allow: ["other", "acme"], deny: []`);
});

describe("what lies in a folder of plugins without anybody's word", () => {
  test("is off until it is enabled", async () => {
    const rig = pluginRig();
    mkdirSync(rig.extensions, { recursive: true });
    rig.write(`.nemo/extensions/acme/${MANIFEST}`, manifestOf("acme"));
    rig.write(`.nemo/workspace/.nemo/extensions/lair/${MANIFEST}`, manifestOf("lair"));
    const { plugins, providers } = JSON.parse((await rig.run("plugins", "list", "--json")).out) as {
      plugins: { id: string; status: string; reason: string }[];
      providers: { id: string }[];
    };
    expect(plugins.map(({ id, status, reason }) => [id, status, reason])).toEqual([
      ["lair", "disabled", "nobody agreed to it here"],
      ["acme", "disabled", "nobody agreed to it here"],
    ]);
    expect(providers.filter(({ id }) => id === "acme" || id === "lair")).toEqual([]);
    await rig.run("plugins", "enable", "acme");
    expect((await rig.run("plugins", "info", "acme")).out).toContain("https://api.acme.example/v1");
  });
});
