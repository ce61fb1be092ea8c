import { FAILURE_DETAILS } from "../chat/failure.ts";
import type { KeyPath } from "../config/loaded-config.ts";
import { toModelId, toProviderId } from "../kernel/ids.ts";
import type { ModelSpec } from "../provider/model-spec.ts";
import type { PluginProvider } from "../provider/plugin-provider.ts";
import type { AuthMethod, Provider } from "../provider/provider.ts";
import type { StatedFailure } from "../provider/stated-failure.ts";
import type { StatedUsage } from "../provider/stated-usage.ts";
import type { Faults } from "./manifest-fault.ts";
import { loginFaults, loginOf, programLogins } from "./login-data.ts";
import type { WrittenError, WrittenManifest, WrittenModel, WrittenProvider, WrittenUsage } from "./manifest-shape.ts";

const MOST_MODELS = 2000;
const MOST_ERRORS = 100;
const MOST_LOGINS = 5;
const MOST_WINDOWS = 20;
const ID = /^[a-z0-9](?:[a-z0-9._-]{0,62}[a-z0-9])?$/;
const VARIABLE = /^[A-Z][A-Z0-9_]{2,99}$/;

/** Everything that the shape of a manifest does not say. */
export function providerFaults(written: WrittenProvider, path: KeyPath, faults: Faults): void {
  const { id, baseUrl, env = [], keyPrefixes = [], models, errors = [], logins = [], usage, modelsPath } = written;
  if (!ID.test(id)) faults.add([...path, "id"], "must be small letters, digits, and - . _ between them");
  faults.address([...path, "baseUrl"], baseUrl);
  faults.address([...path, "docs"], written.docs);
  faults.address([...path, "keyPage"], written.keyPage);
  faults.text([...path, "label"], written.label, 100);
  faults.text([...path, "note"], written.note);
  env.forEach((name, at) => envFault(id, name, [...path, "env", at], faults));
  keyPrefixes.forEach((prefix, at) => faults.text([...path, "keyPrefixes", at], prefix, 40));
  if (modelsPath !== undefined && !isUrlPath(modelsPath)) faults.add([...path, "modelsPath"], 'must be a path, for example "/models"');
  if (written.keyless === true && (env.length > 0 || logins.length > 0)) faults.add([...path, "keyless"], "contradicts env or logins");
  faults.most([...path, "models"], models, MOST_MODELS);
  faults.most([...path, "errors"], errors, MOST_ERRORS);
  faults.most([...path, "logins"], logins, MOST_LOGINS);
  models?.slice(0, MOST_MODELS).forEach((model, at) => modelFaults(model, [...path, "models", at], faults));
  errors.forEach((error, at) => errorFaults(error, [...path, "errors", at], faults));
  logins.forEach((login, at) => loginFaults(login, [...path, "logins", at], faults));
  if (usage !== undefined) usageFaults(usage, [...path, "usage"], faults);
}

/** A variable of another's key would send that key to this provider. */
function envFault(id: string, name: string, path: KeyPath, faults: Faults): void {
  const whole = id.toUpperCase().replace(/[^A-Z0-9]/g, "_");
  const [first = ""] = whole.split("_");
  if (!VARIABLE.test(name)) faults.add(path, "must be the name of a variable, for example ACME_API_KEY");
  else if (!name.startsWith(`${whole}_`) && !(first.length > 2 && name.startsWith(`${first}_`)))
    faults.add(path, `must begin with ${first.length > 2 ? first : whole}_, the provider's own name: other variables hold other keys`);
}

export function modelFaults(model: WrittenModel, path: KeyPath, faults: Faults): void {
  faults.text([...path, "id"], model.id, 256);
  if (/[\s\p{Cc}]/u.test(model.id)) faults.add([...path, "id"], "must hold no spaces");
  faults.text([...path, "name"], model.name, 200);
  if (model.releasedOn !== undefined && !/^\d{4}-\d{2}-\d{2}$/.test(model.releasedOn))
    faults.add([...path, "releasedOn"], "must be a day, for example 2026-11-21");
}

function errorFaults({ code, status, message, reason, detail }: WrittenError, path: KeyPath, faults: Faults): void {
  if (code === undefined && message === undefined && status === undefined) faults.add(path, "needs a code, a status or a message");
  if (status !== undefined && (status < 400 || status > 599)) faults.add([...path, "status"], "must be from 400 to 599");
  faults.text([...path, "code"], code, 100);
  faults.text([...path, "message"], message, 200);
  const known: readonly string[] = FAILURE_DETAILS[reason];
  if (detail !== undefined && !known.includes(detail))
    faults.add([...path, "detail"], known.length === 0 ? `must not be given with ${reason}` : `must be one of ${known.join(", ")}`);
}

function usageFaults({ path: address, windows = [], balances = [] }: WrittenUsage, path: KeyPath, faults: Faults): void {
  if (!isUrlPath(address)) faults.add([...path, "path"], 'must be a path, for example "/usage"');
  faults.most([...path, "windows"], windows, MOST_WINDOWS);
  faults.most([...path, "balances"], balances, MOST_WINDOWS);
  if (windows.length + balances.length === 0) faults.add(path, "needs windows or balances");
  windows.forEach(({ label, unit, ...fields }, at) => {
    const here = [...path, "windows", at];
    faults.text([...here, "label"], label, 60);
    faults.text([...here, "unit"], unit, 20);
    for (const [key, field] of Object.entries(fields)) fieldFault(field, [...here, key], faults);
    const { usedPercent, remainingPercent, used, limit, remaining } = fields;
    const stated = [used, limit, remaining].filter((field) => field !== undefined).length;
    if (usedPercent === undefined && remainingPercent === undefined && stated < 2)
      faults.add(here, "needs usedPercent, remainingPercent, or two of used, limit and remaining");
  });
  balances.forEach(({ currency, ...fields }, at) => {
    faults.text([...path, "balances", at, "currency"], currency, 10);
    for (const [key, field] of Object.entries(fields)) fieldFault(field, [...path, "balances", at, key], faults);
  });
}

function fieldFault(field: string, path: KeyPath, faults: Faults): void {
  if (!/^\/?[\w-]+(?:\.[\w-]+)*$/.test(field) || field.length > 200) faults.add(path, "must be names with points between them, for example data.used");
}

/** Appended to an address of the provider's own: it can lead to no other host. */
function isUrlPath(path: string): boolean {
  return /^\/[\w./~-]{0,200}$/.test(path) && !path.startsWith("//");
}

/** A provider without a fault, as the registry takes it. */
export function providerOf(written: WrittenProvider, manifest: Pick<WrittenManifest, "id" | "name" | "program">): PluginProvider {
  const { baseUrl, models = [], logins = [] } = written;
  const id = toProviderId(written.id);
  const protocol = written.protocol ?? "openai-chat";
  const auth = authOf(written);
  const label = written.label ?? written.id;
  const docs = written.docs ?? "";
  const methods = [...(written.keyless === true ? [] : programLogins(manifest, docs)), ...logins.map((login) => loginOf(login, docs))];
  const addresses = [baseUrl, ...logins.flatMap(({ issuer, deviceUrl, tokenUrl, userinfoUrl }) => [issuer, deviceUrl, tokenUrl, userinfoUrl])];
  return {
    id,
    origin: { kind: "plugin", pluginId: manifest.id },
    whole: wholeOf(written, { label, protocol, auth }),
    baseUrl,
    protocol,
    label,
    auth,
    models: models.map((model) => specOf(model, id)),
    ...(methods.length > 0 && { logins: methods }),
    hosts: [...new Set(addresses.flatMap((address) => (address === undefined ? [] : [new URL(address).host])))],
  };
}

function wholeOf(written: WrittenProvider, known: Pick<Provider, "label" | "protocol" | "auth">): Provider {
  const { id, baseUrl, docs = "", modelsPath, note, quirks = {}, errors = [], usage } = written;
  return {
    id,
    ...known,
    baseUrl,
    docs,
    ...(modelsPath !== undefined && { modelsPath }),
    ...(note !== undefined && { note }),
    quirks,
    source: { url: "", checkedOn: "" },
    ...(errors.length > 0 && { failures: errors.map(failureOf) }),
    ...(usage !== undefined && { usage: usageOf(usage) }),
  };
}

function authOf({ env = [], keyPage, keyPrefixes, keyless, logins = [] }: WrittenProvider): AuthMethod[] {
  if (keyless === true) return [{ kind: "none", label: "No key" }];
  const more = { ...(keyPrefixes !== undefined && { prefixes: keyPrefixes }), ...(keyPage !== undefined && { page: keyPage }) };
  const oauth = logins.map(({ kind, label, id, standing }): AuthMethod => {
    const flow = kind === "device-code" ? "device" : "browser";
    return { kind: "oauth", label: label ?? `Login (${id})`, env: [], flow, ...(standing !== undefined && { note: standing }) };
  });
  return [{ kind: "api_key", label: "API key", env, ...more }, ...oauth];
}

export function specOf({ id, name, ...facts }: WrittenModel, provider: ModelSpec["provider"]): ModelSpec {
  return { provider, id: toModelId(id), name: name ?? id, ...facts };
}

function failureOf({ code, status, message, reason, detail }: WrittenError): StatedFailure {
  const named = Object.values(FAILURE_DETAILS)
    .flat()
    .find((known) => known === detail);
  return {
    ...(code !== undefined && { code: code.toLowerCase() }),
    ...(status !== undefined && { status }),
    ...(message !== undefined && { message }),
    reason,
    ...(named !== undefined && { detail: named }),
  };
}

function usageOf({ below = "baseUrl", path, windows = [], balances = [] }: WrittenUsage): StatedUsage {
  return { address: { below, path }, windows, balances };
}
