import type { Agents } from "../config/agents.ts";
import type { Host } from "../kernel/host.ts";
import { toProviderId } from "../kernel/ids.ts";
import type { Problem } from "../kernel/problem.ts";
import { readAuthStore } from "./auth-store.ts";
import { agentFolders } from "./audit-places.ts";
import { asOwn } from "./refresh/stored-entry.ts";
import type { OwnLogin } from "./refresh/refresh-input.ts";
import { isSameRenewal } from "./secret-text.ts";

/** One account of one agent. */
interface Holder {
  readonly agentId: string;
  readonly login: OwnLogin;
}

/**
 * Logins of ours that were copied: under several ids, or into the stores of several agents. Each copy is renewed on its own, and where refresh tokens are for
 * one use, the first renewal ends all others. Which of them is to stay, only a person knows. Reads the stores of all agents.
 */
export function copiedLogins({ host, agents }: { readonly host: Host; readonly agents: Agents }): Problem[] {
  return ownLogins(host, agents).flatMap((holder, index, all) => {
    const first = all.slice(0, index).find(({ login }) => isSameRenewal(login.credential, holder.login.credential));
    return first === undefined ? [] : [finding(first, holder)];
  });
}

function finding(first: Holder, { agentId, login }: Holder): Problem {
  const { id, provider, origin } = login;
  return {
    code: "NEEDS_LOGIN",
    severity: "warning",
    subject: id,
    message: `${id} of agent ${agentId} is a copy of ${first.login.id} of agent ${first.agentId}: whichever is renewed first may end the other`,
    hint: `Make it a login of its own: \`{cli} models auth login --agent ${agentId} --provider ${provider} --profile-id ${id}\`, or remove it with \`{cli} models auth logout ${id} --agent ${agentId}\`.`,
    place: { file: origin.file },
  };
}

function ownLogins(host: Host, agents: Agents): Holder[] {
  const seen = new Set<string>();
  return agentFolders({ agents }).flatMap((dir) => {
    const file = host.paths.join(dir, "auth-profiles.json");
    const real = realFile(host, dir);
    if (seen.has(real)) return [];
    seen.add(real);
    const store = readAuthStore({ host, file, called: "the auth store", openFiles: "allowed" }, toProviderId);
    const agentId = agents.all.find((agent) => agent.dir === dir)?.id ?? (dir === agents.chosen.dir ? agents.chosen.id : "main");
    const logins = [...(store?.profiles.values() ?? [])].flatMap((profile) => asOwn(profile) ?? []);
    return logins.filter(({ credential }) => !credential.refresh.isBlank).map((login) => ({ agentId, login }));
  });
}

/** Two agents may have one store, by links: then there is one copy alone. */
function realFile(host: Host, dir: string): string {
  const file = host.paths.join(host.inspect(dir)?.realPath ?? dir, "auth-profiles.json");
  return host.inspect(file)?.realPath ?? file;
}
