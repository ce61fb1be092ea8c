import { AppError } from "../../kernel/errors.ts";
import { askProgram, type ProgramCredential } from "../../plugins/ask-program.ts";
import { isAsInstalled } from "../../plugins/install.ts";
import type { AskedForTokens } from "./ask-for-tokens.ts";
import { readProgramTokens } from "./program-tokens.ts";
import type { OwnLogin, RefreshInput } from "./refresh-input.ts";

/** Of a login that a plugin's program made: that one is asked, and no other. Throws REFRESH_MISCONFIGURED. */
export async function programAsker(
  { id, provider, credential, login }: OwnLogin,
  input: RefreshInput,
  requestMs: number,
): Promise<() => Promise<AskedForTokens>> {
  const { host } = input;
  const plugin = input.programOf?.(provider);
  if (plugin === undefined || plugin.id !== login.program)
    throw notThere(id, `the plugin ${login.program ?? ""}, which renews it, is not there, is turned off, or does not answer refresh`);
  if (!isAsInstalled(plugin, await host.plugins()))
    throw notThere(id, `files of the plugin ${plugin.id}, which renews it, were changed since it was installed`);
  const own: ProgramCredential = { provider, kind: "oauth", secret: credential.access, refresh: credential.refresh };
  return async () => {
    const [sentAtMs, sentAtMonotonicMs] = [host.nowMs(), host.monotonicMs()];
    const reply = await askProgram(host, plugin, { verb: "refresh", provider, credential: own }, requestMs);
    return { answer: readProgramTokens(reply, provider), sentAtMs, sentAtMonotonicMs };
  };
}

function notThere(id: string, why: string): AppError {
  return new AppError("REFRESH_MISCONFIGURED", `${id} cannot be renewed: ${why}`, { hint: "See `{cli} plugins list` and `{cli} plugins doctor`." });
}
