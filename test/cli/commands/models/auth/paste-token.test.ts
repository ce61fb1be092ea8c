import { expect, test } from "vitest";
import { NOW } from "../../../../credentials/open-facts.ts";
import { paste, STORE } from "./pasting.ts";

const COMMAND = "models auth paste-token --provider";
const DAY = 86_400_000;

test("any token of any provider is stored, under <provider>:manual", async () => {
  const { exit, out, err, profiles } = await paste({ stdin: "canary\n" }, `${COMMAND} Z.AI`);
  expect([exit, err, profiles]).toEqual([0, "", { "zai:manual": { type: "token", provider: "zai", token: "canary" } }]);
  expect(out).toContain("Saved zai:manual (token, …123abc)");
});

test("its end is stored as a time: bare numbers count days", async () => {
  const expires = async (written: string) => (await paste({ stdin: "canary" }, `${COMMAND} zai --expires-in ${written}`)).profiles?.["zai:manual"];
  const token = { type: "token", provider: "zai", token: "canary" };
  expect([await expires("30"), await expires("12h"), await expires("1h30m")]).toEqual([
    { ...token, expires: NOW + 30 * DAY },
    { ...token, expires: NOW + DAY / 2 },
    { ...token, expires: NOW + DAY / 16 },
  ]);
});

test("an impossible end is refused before anything is asked", async () => {
  for (const written of ["soon", "0", "-1", "99999999999", "sk-canary0123456789abcdefgh"]) {
    const { exit, err, shown, files } = await paste({ answers: ["canary"] }, [...`${COMMAND} zai`.split(" "), `--expires-in=${written}`]);
    expect([exit, shown, files, err.includes("canary")]).toEqual([64, [], [], false]);
  }
});

test("a provider that nobody knows is accepted with a warning and the nearest names", async () => {
  const { exit, err, profiles } = await paste({ stdin: "canary" }, `${COMMAND} grogg`);
  expect([exit, Object.keys(profiles ?? {})]).toEqual([0, ["grogg:manual"]]);
  expect(err.replace(/\n {2}/g, " ")).toBe('! No provider is named "grogg" (near: groq): the token is stored, and used once one is configured.\n');
  expect(await paste({ stdin: "canary" }, [...COMMAND.split(" "), "not an id"])).toMatchObject({ exit: 64, files: [] });
  expect((await paste({ stdin: "canary" }, `${COMMAND} sk-canary0123456789abcdef`)).err).not.toContain("canary");
});

test("what is odd is taken as it is, and said", async () => {
  const odd = await paste({ stdin: "Bearer canary" }, `${COMMAND} zai`);
  expect([odd.profiles?.["zai:manual"], odd.err]).toEqual([
    { type: "token", provider: "zai", token: "Bearer canary" },
    expect.stringContaining("! The token is taken as it is, although it is a header"),
  ]);
  expect((await paste({ stdin: "wrap-\nped\n" }, `${COMMAND} zai`)).profiles?.["zai:manual"]).toMatchObject({ token: "wrap-ped" });
  expect(await paste({ stdin: "a\u001bb" }, `${COMMAND} zai`)).toMatchObject({ exit: 65, files: [] });
});

test("the pair of keys that AWS signs with is right for Bedrock: no warning, and nothing of being asked", async () => {
  const pair = { AccessKeyId: "canary-id", SecretAccessKey: "canary/secret" };
  for (const stdin of [JSON.stringify(pair), JSON.stringify(pair, null, 2)]) {
    const { exit, out, err, profiles } = await paste({ stdin }, `${COMMAND} amazon-bedrock`);
    expect([exit, err, profiles]).toEqual([
      0,
      "",
      { "amazon-bedrock:manual": { type: "token", provider: "amazon-bedrock", token: '{"AccessKeyId":"canary-id","SecretAccessKey":"canary/secret"}' } },
    ]);
    expect(out).not.toContain("asked for");
    expect(out.replace(/\s+/g, " ")).toContain(
      "A pair of keys for AWS's own programs, which get it by `models auth token --format aws-process`; models that are asked from here take a Bedrock API key.",
    );
    expect(out).toContain("→ nemo models auth paste-api-key --provider amazon-bedrock\n");
  }
  expect((await paste({ stdin: JSON.stringify(pair) }, `${COMMAND} zai`)).err).toContain("although it is JSON");
});

test("nothing, or giving up, stores nothing", async () => {
  expect(await paste({ stdin: " \n" }, `${COMMAND} zai`)).toMatchObject({ exit: 66, files: [] });
  expect(await paste({ answers: [undefined] }, `${COMMAND} zai`)).toMatchObject({ exit: 130, files: [] });
});

test("the same token with another end is no loss: it is replaced without a question", async () => {
  const files = { [STORE]: JSON.stringify({ version: 1, profiles: { "zai:manual": { type: "token", provider: "zai", token: "canary" } } }) };
  const { exit, out, profiles } = await paste({ files, stdin: "canary" }, `${COMMAND} zai --expires-in 1`);
  expect([exit, profiles]).toEqual([0, { "zai:manual": { type: "token", provider: "zai", token: "canary", expires: NOW + DAY } }]);
  expect(out).toContain("Replaced zai:manual");
});
