import type { Host } from "../kernel/host.ts";

/** What of another program's login was found on this machine: names of files and variables, never what is in them. */
export interface DelegateSigns {
  readonly found: boolean;
  /** One sentence. */
  readonly detail: string;
}

export interface Machine {
  readonly host: Host;
  /** A variable as it counts for this run. */
  readonly get: (name: string) => string | undefined;
}

/** https://docs.aws.amazon.com/sdkref/latest/guide/standardized-credentials.html, checked 2026-11-21. */
export function signsOfAws(machine: Machine): DelegateSigns {
  const sign =
    variable(machine, "AWS_BEARER_TOKEN_BEDROCK") ??
    (machine.get("AWS_SECRET_ACCESS_KEY") === undefined ? undefined : variable(machine, "AWS_ACCESS_KEY_ID")) ??
    variable(machine, "AWS_PROFILE") ??
    variable(machine, "AWS_WEB_IDENTITY_TOKEN_FILE") ??
    variable(machine, "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI") ??
    variable(machine, "AWS_CONTAINER_CREDENTIALS_FULL_URI") ??
    existing(machine, machine.get("AWS_SHARED_CREDENTIALS_FILE") ?? home(machine, ".aws", "credentials")) ??
    existing(machine, machine.get("AWS_CONFIG_FILE") ?? home(machine, ".aws", "config"));
  return signs("AWS login", sign, "No sign of an AWS login was found; on a machine of AWS its role may still answer.");
}

/** Application default credentials, a project and a location: https://cloud.google.com/docs/authentication/application-default-credentials, checked 2026-11-21. */
export function signsOfGcloud(machine: Machine): DelegateSigns {
  const folder = machine.get("CLOUDSDK_CONFIG") ?? gcloudFolder(machine);
  const file = machine.get("GOOGLE_APPLICATION_CREDENTIALS") ?? machine.host.paths.join(folder, "application_default_credentials.json");
  const sign = existing(machine, file);
  const project = variable(machine, "GOOGLE_CLOUD_PROJECT") ?? variable(machine, "GCLOUD_PROJECT");
  const location = variable(machine, "GOOGLE_CLOUD_LOCATION") ?? variable(machine, "CLOUD_ML_REGION");
  const lost =
    "No application default credentials of Google Cloud were found (`gcloud auth application-default login`); on a machine of Google Cloud its account may still answer.";
  if (sign === undefined) return signs("Google Cloud login", undefined, lost);
  const lacking = [...(project === undefined ? ["GOOGLE_CLOUD_PROJECT"] : []), ...(location === undefined ? ["GOOGLE_CLOUD_LOCATION"] : [])];
  if (lacking.length > 0)
    return {
      found: false,
      detail: `Google Cloud login: ${sign}, but ${lacking.join(" and ")} ${lacking.length === 1 ? "is" : "are"} not set.`,
    };
  return signs("Google Cloud login", sign, lost);
}

/** https://learn.microsoft.com/en-us/cli/azure/msal-based-azure-cli, checked 2026-11-21; and the variables of the Azure SDKs' EnvironmentCredential. */
export function signsOfAz(machine: Machine): DelegateSigns {
  const folder = machine.get("AZURE_CONFIG_DIR") ?? home(machine, ".azure");
  const { join } = machine.host.paths;
  const sign =
    (machine.get("AZURE_TENANT_ID") === undefined ? undefined : variable(machine, "AZURE_CLIENT_ID")) ??
    existing(machine, join(folder, "msal_token_cache.json")) ??
    existing(machine, join(folder, "msal_token_cache.bin")) ??
    existing(machine, join(folder, "azureProfile.json"));
  return signs("Azure login", sign, "No sign of an Azure login was found (`az login`); on a machine of Azure its identity may still answer.");
}

/** On macOS the login is in the keychain, which is not asked; ~/.claude.json is there without a login too. */
export function signsOfClaude(machine: Machine): DelegateSigns {
  const folder = machine.get("CLAUDE_CONFIG_DIR") ?? home(machine, ".claude");
  const { join } = machine.host.paths;
  const sign = existing(machine, join(folder, ".credentials.json"));
  const keychain = machine.host.platform === "darwin" ? "; it may be in the keychain" : "";
  return signs("Login of the program claude", sign, `No sign of a login of the program claude was found (run \`claude\` once)${keychain}.`);
}

export function signsOfCodex(machine: Machine): DelegateSigns {
  const folder = machine.get("CODEX_HOME") ?? home(machine, ".codex");
  const sign = existing(machine, machine.host.paths.join(folder, "auth.json"));
  return signs("Login of the program codex", sign, "No sign of a login of the program codex was found (`codex login`).");
}

function signs(who: string, sign: string | undefined, without: string): DelegateSigns {
  return { found: sign !== undefined, detail: sign === undefined ? without : `${who}: ${sign}.` };
}

function variable({ get }: Machine, name: string): string | undefined {
  return get(name) === undefined ? undefined : `${name} is set`;
}

function existing({ host }: Machine, file: string): string | undefined {
  return host.inspect(file)?.kind === "file" ? `${file} is there` : undefined;
}

function home({ host }: Machine, ...parts: string[]): string {
  return host.paths.join(host.osHome, ...parts);
}

function gcloudFolder(machine: Machine): string {
  const appData = machine.host.platform === "win32" ? machine.get("APPDATA") : undefined;
  return appData === undefined ? home(machine, ".config", "gcloud") : machine.host.paths.join(appData, "gcloud");
}
