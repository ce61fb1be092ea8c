import type { KeyPath } from "../config/loaded-config.ts";
import type { LoginMethod } from "../provider/login-method.ts";
import type { Faults } from "./manifest-fault.ts";
import type { WrittenLogin, WrittenManifest } from "./manifest-shape.ts";

const ADDRESSES = ["issuer", "authorizeUrl", "deviceUrl", "tokenUrl", "userinfoUrl"] as const;

const PROGRAM = "program";

/** The way that the plugin's own program makes, where it makes one. */
export function programLogins({ id, name = id, program }: Pick<WrittenManifest, "id" | "name" | "program">, docs: string): LoginMethod[] {
  if (program?.verbs.includes("login") !== true) return [];
  const standing = `The login is made by the program of the plugin ${id}. Whether the vendor allows it was not looked into.`;
  const flow = { kind: "program", pluginId: id } as const;
  return [{ id: PROGRAM, label: `Login by ${name}`, licence: "own-client", standing, flow, source: { url: docs, checkedOn: "" } }];
}

export function loginFaults(written: WrittenLogin, path: KeyPath, faults: Faults): void {
  const { id, kind, issuer, authorizeUrl, deviceUrl, tokenUrl, clientId, clientHowTo, scopes = [], redirect } = written;
  if (!/^[a-z0-9][a-z0-9-]{0,39}$/.test(id)) faults.add([...path, "id"], "must be small letters, digits and -");
  if (id === PROGRAM) faults.add([...path, "id"], "is the name of the way that a plugin's own program makes");
  for (const key of ADDRESSES) faults.address([...path, key], written[key]);
  faults.address([...path, "clientPage"], written.clientPage);
  const first = kind === "device-code" ? deviceUrl : authorizeUrl;
  if (issuer === undefined && (first === undefined || tokenUrl === undefined))
    faults.add(path, `needs an issuer, or ${kind === "device-code" ? "deviceUrl" : "authorizeUrl"} and tokenUrl`);
  if ((clientId === undefined) === (clientHowTo === undefined))
    faults.add(path, "needs either clientId, which the vendor published for everybody, or clientHowTo, which says how a person gets one");
  for (const key of ["label", "standing", "clientId", "clientHowTo"] as const) faults.text([...path, key], written[key]);
  scopes.forEach((scope, at) => faults.text([...path, "scopes", at], scope, 200));
  if (redirect !== undefined && !/^\/[\w./-]{0,200}$/.test(redirect.path)) faults.add([...path, "redirect", "path"], 'must be a path, for example "/callback"');
  if (redirect?.port !== undefined && (redirect.port < 1024 || redirect.port > 65_535)) faults.add([...path, "redirect", "port"], "must be from 1024 to 65535");
}

export function loginOf(written: WrittenLogin, docs: string): LoginMethod {
  const { id, label, kind, licence, standing, clientId, clientHowTo = "", clientPage, scopes = [], redirect } = written;
  const addresses = Object.fromEntries(ADDRESSES.flatMap((key) => (written[key] === undefined ? [] : [[key, written[key]]])));
  return {
    id,
    label: label ?? id,
    licence,
    ...(standing !== undefined && { standing }),
    flow: {
      kind,
      ...addresses,
      client:
        clientId === undefined ? { kind: "own", howTo: clientHowTo, ...(clientPage !== undefined && { page: clientPage }) } : { kind: "public", clientId },
      scopes,
      ...(redirect !== undefined && { redirect }),
    },
    source: { url: docs, checkedOn: "" },
  };
}
