import type { Broker } from "../../../../broker.ts";
import type { ProviderId } from "../../../../kernel/ids.ts";
import type { AuthMethod } from "../../../../provider/provider.ts";
import type { RegisteredProvider } from "../../../../provider/registry.ts";
import { labelOf } from "../../../ask-credential.ts";

/** Which command does without a terminal what `models auth add` asks for. It is one that this provider takes. */
export function unattendedHint(broker: Broker, provider: ProviderId | undefined): string {
  if (provider === undefined) return pasteKey("<name>");
  const registry = broker.registry();
  const registered = registry.get(provider);
  if (registered === undefined || registered.custom.length > 0 || registered.isLocal || takes("api_key", registered)) return pasteKey(provider);
  if (takes("token", registered)) return `Run \`{cli} models auth paste-token --provider ${provider}\`, which reads the token from stdin.`;
  const none = `${labelOf(broker, provider)} takes no API key`;
  const vendor = registry.all.find((other) => provider.startsWith(`${other.provider.id}-`) && takes("api_key", other));
  if (vendor === undefined) return `${none}. \`{cli} plugins info ${provider}\` says more.`;
  return `${none}; ${vendor.provider.id} does. ${pasteKey(vendor.provider.id)}`;
}

function pasteKey(provider: string): string {
  return `Run \`{cli} models auth paste-api-key --provider ${provider}\`, which reads the key from stdin.`;
}

function takes(kind: AuthMethod["kind"], { provider }: RegisteredProvider): boolean {
  return provider.auth.some((method) => method.kind === kind);
}
