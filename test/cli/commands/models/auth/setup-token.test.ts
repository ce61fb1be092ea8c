import { expect, test } from "vitest";
import { NOW } from "../../../../credentials/open-facts.ts";
import { paste } from "./pasting.ts";

const TOKEN = `sk-ant-oat01-${"canary0123".repeat(7)}`;
const COMMAND = "models auth setup-token";

test("stores the token as anthropic:manual, and says what Anthropic permits with it", async () => {
  const { exit, out, err, profiles } = await paste({ stdin: `${TOKEN}\n` }, COMMAND);
  expect([exit, err, profiles]).toEqual([0, "", { "anthropic:manual": { type: "token", provider: "anthropic", token: TOKEN } }]);
  expect(out.replace(/\n {2}/g, " ")).toContain("Anthropic allows it in Claude Code only: it is kept and watched here, and sent to nobody.");
  expect(out).toContain("→ nemo models auth paste-api-key --provider anthropic");
  expect(out).not.toMatch(/canary|asked|in use/);
});

test("as data it says that nobody gets it", async () => {
  const { out } = await paste({ stdin: TOKEN }, `${COMMAND} --expires-in 365 --json`);
  expect(JSON.parse(out)).toMatchObject({
    outcome: "added",
    vendorToolOnly: true,
    account: { profileId: "anthropic:manual", expiresAt: NOW + 365 * 86_400_000 },
  });
});

test.each([
  ["canary", "this is no setup-token: a setup-token begins with sk-ant-oat01-, and this does not"],
  [`sk-ant-api03-${"canary0123".repeat(9)}`, "paste-api-key --provider anthropic"],
  [TOKEN.slice(0, 79), "a setup-token has at least 80 characters, and this has 79"],
  [`"${TOKEN}"`, "it stands in quotes"],
])("what is none is refused: %#", async (stdin, says) => {
  const { exit, err, files } = await paste({ stdin }, COMMAND);
  expect([exit, files]).toEqual([65, []]);
  expect(err.replace(/\n {7}/g, " ")).toContain(says);
  expect(err).not.toContain("canary");
});

test("a person is told the licence and asked whether they have one; --yes asks nothing but the token", async () => {
  const asked = await paste({ answers: [true, TOKEN] }, COMMAND);
  expect([asked.exit, asked.shown]).toEqual([0, ["Have you run `claude setup-token` and copied what it printed? [yes]", "Setup-token of Anthropic"]]);
  expect(asked.err.replace(/\n/g, " ")).toContain("Anthropic permits this token in Claude Code alone.");
  expect(await paste({ answers: [false, TOKEN] }, COMMAND)).toMatchObject({ exit: 130, files: [] });
  expect((await paste({ answers: [TOKEN] }, `${COMMAND} --yes`)).shown).toEqual(["Setup-token of Anthropic"]);
});

test("nobody else has setup-tokens", async () => {
  const { exit, err } = await paste({ stdin: TOKEN }, `${COMMAND} --provider openai`);
  expect([exit, err]).toEqual([64, expect.stringContaining("openai has no setup-tokens; only Anthropic has")]);
});

test("pasted as an API key it is refused, and by paste-token it is kept as what it is", async () => {
  const key = await paste({ stdin: TOKEN }, "models auth paste-api-key --provider anthropic");
  expect([key.exit, key.files, key.err]).toEqual([65, [], expect.stringContaining("models auth setup-token")]);
  expect(JSON.parse((await paste({ stdin: TOKEN }, "models auth paste-token --provider anthropic --json")).out)).toMatchObject({ vendorToolOnly: true });
});
