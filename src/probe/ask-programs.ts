import type { ListedModel } from "../catalog/live-list.ts";
import { resolveSecret } from "../credentials/resolve-secret.ts";
import type { KeptList } from "../catalog/live-cache.ts";
import { isVendorToolOnly } from "../credentials/authorize.ts";
import { type Askable, askProgram, type ProgramCredential } from "../plugins/ask-program.ts";
import type { Plugin } from "../plugins/plugin.ts";
import { isAsInstalled } from "../plugins/install.ts";
import { readProgramModels } from "../plugins/program-models.ts";
import type { ModelSpec } from "../provider/model-spec.ts";
import { keep, keptFor, listedAs } from "./live-models.ts";
import { accountOf, failedWith, type LiveContext, type LiveResult, type LiveTarget } from "./live-target.ts";
import { mapLimit } from "./map-limit.ts";

export interface ProgramTarget {
  readonly plugin: Plugin & Askable;
  readonly target: LiveTarget;
}

const AT_ONCE = 4;
const LOOK = "`{cli} plugins doctor` says more.";

/** Asks plugins' programs for what an account may use. One result a target, in their order; never throws for what a program does. */
export function askPrograms(context: LiveContext, targets: readonly ProgramTarget[]): Promise<LiveResult[]> {
  return mapLimit(targets, AT_ONCE, (target) => askOne(context, target));
}

async function askOne(context: LiveContext, { plugin, target }: ProgramTarget): Promise<LiveResult> {
  const { provider, obstacle } = target;
  if (obstacle !== undefined) return failedWith(target, undefined, { outcome: "not asked", why: obstacle });
  const url = `plugin:${plugin.id}`;
  const kept = keptFor(context, target, url);
  if (!isAsInstalled(plugin, await context.host.plugins()))
    return failedWith(target, kept, {
      outcome: "not asked",
      why: `was not asked: files of the plugin ${plugin.id} were changed since it was installed`,
      hint: LOOK,
    });
  const credential = await credentialFor(context, target);
  if (typeof credential === "string") return failedWith(target, kept, { outcome: "not asked", why: credential });
  const reply = await askProgram(context.host, plugin, { verb: "models", provider: provider.id, credential });
  if (reply.kind === "failed")
    return failedWith(target, kept, { outcome: "failed", why: `could not be listed: the program of the plugin ${plugin.id} ${reply.why}`, hint: LOOK });
  const read = readProgramModels(reply.answer, provider.id);
  if (read === undefined)
    return failedWith(target, kept, { outcome: "failed", why: `could not be listed: the program of the plugin ${plugin.id} answers with no list`, hint: LOOK });
  const list: KeptList = { url, account: accountOf(target), takenAtMs: context.host.nowMs(), models: read.models.map(listedModel) };
  keep(context, target, list);
  return listedAs(target, list, read.skipped);
}

/** Its own provider's, and only one that may leave this program; a text says why there is none to give. */
async function credentialFor({ host, secrets }: LiveContext, { profile }: LiveTarget): Promise<ProgramCredential | undefined | string> {
  if (profile === undefined) return undefined;
  const found = await resolveSecret(host, profile, secrets);
  if (found.kind === "unresolved") return `was not asked: the account ${profile.id} is there, but ${found.reason}`;
  if (isVendorToolOnly(profile.credential)) return "was not asked: the credential is allowed in the vendor's own program only";
  return { provider: profile.provider, kind: profile.credential.kind, secret: found.secret };
}

function listedModel({ id, name, contextTokens, outputTokens, input, output, tools, reasoning, usdPerMTok, releasedOn, deprecated }: ModelSpec): ListedModel {
  const facts = { name: name === id ? undefined : name, contextTokens, outputTokens, input, output, tools, reasoning, usdPerMTok, releasedOn, deprecated };
  return { id, facts: Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined)) };
}
