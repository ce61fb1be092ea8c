import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { runProgram } from "../program.ts";
import { root } from "../stage.ts";
import { startConversationVendor, WEATHER } from "./conversation-vendor.ts";
import { type Rig, startRig } from "./rig.ts";

const page = readFileSync(join(root, "docs/translation.md"), "utf8");
const blocksOf = (language: string): string[] =>
  [...page.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, "gm"))].map(([, text = ""]) => text.trim());

const hasCurl = spawnSync("curl", ["--version"]).status === 0;
if (!hasCurl) process.stderr.write("NOT RUN: docs/translation.md followed; curl is not here\n");

test.runIf(hasCurl)("docs/translation.md is followed: what it asks is answered as it says, and refused as it says", async () => {
  const [asking = "", setting = ""] = blocksOf("sh");
  const [headers = "", refusal = ""] = blocksOf("text");
  const vendor = await startConversationVendor(WEATHER);
  const anthropic = { baseUrl: `${vendor.url}/good`, apiKey: "sk-ant-canary-0123456789abcdef" };
  const groq = { baseUrl: `${vendor.url}/good/v1`, apiKey: "gsk_canary0123456789abcdefghijABCDEFGHIJ" };
  const agents = { defaults: { model: "groq/llama-3.3-70b-versatile" } };
  const rig = await startRig({ behaviours: [], gateway: { translation: undefined }, config: { agents, models: { providers: { anthropic, groq } } } });
  const ask = async (text = asking): Promise<{ head: string; body: { object?: string; error?: { message: string } } }> => {
    const ran = await curl(rig, text);
    const [head = "", body = "{}"] = ran.split("\r\n\r\n");
    return { head, body: JSON.parse(body) };
  };
  try {
    const answered = await ask();
    const named = headers.split("\n").map((line) => line.replace("anthropic:default", "config:anthropic"));
    expect(named.filter((line) => !answered.head.split("\r\n").includes(line))).toEqual([]);
    expect(answered.body.object).toBe("chat.completion");
    expect(vendor.asked.at(-1)).toMatchObject({ format: "anthropic-messages", body: { temperature: 0.2 } });

    const asked = vendor.asked.length;
    expect(await rig.run(...setting.split(" ").slice(1))).toMatchObject({ code: 0 });
    await expect.poll(async () => (await ask()).body.error?.message, { timeout: 30_000 }).toBe(refusal);
    // Until the config was read again, the request was answered as before.
    expect(vendor.asked.length - asked).toBeLessThan(20);

    const loose = await ask(asking.replace(' -H "x-signalbox-strict: 1"', ""));
    expect([loose.body.object, vendor.asked.at(-1)?.format]).toEqual(["chat.completion", "openai-chat"]);
    expect(loose.head).toContain("x-signalbox-served-by: groq/");
  } finally {
    await rig.stop();
    await vendor.close();
  }
});

async function curl({ port, key, home }: Rig, text: string): Promise<string> {
  const env = new Map([
    ["HOME", home],
    ["KEY", key],
    ["PATH", process.env["PATH"] ?? ""],
  ]);
  const ran = await runProgram(["sh", "-eu", "-c", text.replaceAll("4100", String(port))], { env, cwd: home, stdin: "" });
  expect({ code: ran.code, stderr: ran.stderr }).toEqual({ code: 0, stderr: "" });
  return ran.stdout;
}
