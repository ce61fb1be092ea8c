import { isVendorToolOnly, secretOf } from "../credentials/authorize.ts";
import type { Credential } from "../credentials/profile.ts";
import type { Host } from "../kernel/host.ts";
import { askProgram } from "../plugins/ask-program.ts";
import { isAsInstalled } from "../plugins/install.ts";
import type { AskedPlugin } from "../plugins/program-for.ts";
import type { Answered } from "./answered.ts";
import { readUsage } from "./read-usage.ts";
import type { UsageReader } from "./usage-reader.ts";

/** What a program answers, in the words of our own facts. */
export const PROGRAM_READER: UsageReader = {
  providers: [],
  address: { below: "baseUrl", path: "" },
  isOfficial: true,
  source: { url: "", checkedOn: "" },
  plan: "plan",
  blocked: { at: "blocked", is: true },
  windows: [
    {
      ...{ each: "windows", labelAt: "label", usedPercent: "usedPercent", remainingPercent: "remainingPercent" },
      ...{ used: "used", limit: "limit", remaining: "remaining", unitAt: "unit", resetsAt: "resetsAt" },
    },
  ],
  balances: [{ each: "balances", amount: "amount", currency: { at: "currency" } }],
};

const LOOK = "`{cli} plugins doctor` says more.";

/** Asks a plugin's program what is left of an account of its provider. Never throws for what the program does. */
export async function askProgramUsage(host: Host, plugin: AskedPlugin, provider: string, credential: Credential, timeoutMs: number): Promise<Answered> {
  if (isVendorToolOnly(credential)) return { outcome: "withheld", why: "is allowed in the vendor's own program only" };
  if (!isAsInstalled(plugin, await host.plugins())) return failed(`was not asked: files of the plugin ${plugin.id} were changed since it was installed`);
  const shown = { provider, kind: credential.kind, secret: secretOf(credential) };
  const reply = await askProgram(host, plugin, { verb: "usage", provider, credential: shown }, timeoutMs);
  if (reply.kind === "failed") return failed(`told nothing: the program of the plugin ${plugin.id} ${reply.why}`);
  const facts = readUsage(PROGRAM_READER, reply.answer, [], host.nowMs());
  return facts === undefined ? failed(`told nothing: the program of the plugin ${plugin.id} answers with nothing known as usage`) : { outcome: "told", facts };
}

function failed(why: string): Answered {
  return { outcome: "failed", failure: { reason: "unknown", why, hint: LOOK, status: null } };
}
