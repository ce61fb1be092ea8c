import type { InstallationNames } from "../config/installation.ts";
import type { KeyPath } from "../config/loaded-config.ts";
import type { ProfileId } from "../kernel/ids.ts";
import type { ProviderRegistry } from "../provider/registry.ts";
import { configSecrets, modelsJsonSecrets } from "./audit-config.ts";
import { agentFolders, type OpenStore, openStores, type PlacesOfSecrets, type TextPlace, textPlaces } from "./audit-places.ts";
import { readAuthStore } from "./auth-store.ts";
import { type FoundSecret, sharesSecret } from "./clear-text.ts";
import { type SecretSigns, secretSigns, secretsInLines, storedAs, textOf } from "./clear-text-lines.ts";
import type { KnownTool } from "./known-tools.ts";
import { toolSecrets } from "./known-tools-read.ts";
import { readLegacyStores } from "./legacy-store.ts";
import { oauthDirOf } from "./oauth-dir.ts";
import type { AuthProfile } from "./profile.ts";

/** What kind of place holds it. */
export type FoundIn = "config" | "models.json" | "older store" | "tool" | TextPlace["kind"];

export interface ExposedSecret extends FoundSecret {
  readonly kind: FoundIn;
  /** The stored profile that holds the same secret. */
  readonly storedAs?: ProfileId;
  /** For `config`: the key that holds it. */
  readonly path?: KeyPath;
  readonly holder?: "apiKey" | "header" | "variable";
  readonly tool?: KnownTool;
  readonly notOurs?: string;
  /** It waits there to be put into its store. */
  readonly isRescued?: true;
  /** On how many lines of a history or a backup it stands; `place` is the first. */
  readonly lines?: number;
}

export interface Audit {
  /** Our own files first, then the person's, then other programs'; each once. */
  readonly found: readonly ExposedSecret[];
  /** Stores and their backups that other users of this machine may read: the rest of a sentence, and the command that mends it. */
  readonly openStores: readonly OpenStore[];
  /** How many files were looked into. */
  readonly filesRead: number;
  /** Files that may hold secrets and could not be looked into; why, as the end of a sentence. */
  readonly unread: readonly { readonly file: string; readonly why: string }[];
}

export interface AuditInput extends PlacesOfSecrets {
  readonly names: InstallationNames;
  readonly registry: ProviderRegistry;
  /** Files with renewed tokens that their store's disk did not take. */
  readonly rescued: readonly string[];
}

/** Looks for secrets in clear text outside the stores of this installation's agents. Reads, asks nobody, changes nothing. */
export function audit(input: AuditInput): Audit {
  const { host, config, registry } = input;
  const folders = agentFolders(input);
  const stored = storedProfiles(input, folders);
  const signs = secretSigns(registry, stored);
  const rescued = input.rescued.map((file) => ({ kind: "stray file", file, fields: "count", isRescued: true }) as const);
  const texts = [...textPlaces(input), ...rescued].map((place) => ({ ...place, ...textOf(host, place.file) }));
  const unread = texts.flatMap((place) => ("unread" in place ? [{ file: place.file, why: place.unread }] : []));
  const found: ExposedSecret[] = [
    ...configSecrets(host, config, registry).map((secret) => ({ ...secret, kind: "config" }) as const),
    ...modelsJsonSecrets(host, config, folders).map((secret) => ({ ...secret, kind: "models.json" }) as const),
    ...olderStores(input, folders),
    ...texts.flatMap((place) => ("text" in place ? inText(place, signs) : [])),
    ...toolSecrets({ host, homeDir: config.homeDir, registry }).map((secret) => ({ ...secret, kind: "tool" }) as const),
  ];
  const known = found.map((secret) => ({ ...secret, ...storedAs(secret.credential, stored) }));
  return { found: known, openStores: openStores(input), filesRead: texts.length - unread.length + config.files.length, unread };
}

function storedProfiles({ host, registry }: AuditInput, folders: readonly string[]): AuthProfile[] {
  return folders.flatMap((folder) => {
    const file = host.paths.join(folder, "auth-profiles.json");
    return [...(readAuthStore({ host, file, called: "the auth store", openFiles: "allowed" }, (text) => registry.idOf(text))?.profiles.values() ?? [])];
  });
}

/** Files of earlier versions beside a newer store: nobody reads them, and the secrets are still there. */
function olderStores({ host, names, config, agents, registry }: AuditInput, folders: readonly string[]): ExposedSecret[] {
  return folders.flatMap((folder): ExposedSecret[] => {
    if (host.inspect(host.paths.join(folder, "auth-profiles.json")) === undefined) return [];
    const oauthDir = folder === agents.mainDir ? oauthDirOf({ host, config, names }) : undefined;
    const { profiles } = readLegacyStores(host, folder, oauthDir, (text) => registry.idOf(text), "allowed");
    return [...profiles.values()].map(({ id, provider, credential, origin }) => ({
      kind: "older store",
      place: { file: origin.file ?? folder },
      called: id,
      provider,
      credential,
    }));
  });
}

type ReadPlace = TextPlace & Pick<ExposedSecret, "isRescued"> & { readonly text: string };

function inText({ kind, file, fields, text, isRescued, isStoreBackup }: ReadPlace, signs: SecretSigns): ExposedSecret[] {
  const found = secretsInLines(text, file, signs, fields === undefined ? {} : { fields });
  const outside = found
    .filter(({ storedAs: id }) => id === undefined || isStoreBackup !== true)
    .map((secret) => ({ ...secret, kind, ...(isRescued && { isRescued }) }));
  return kind === "dotenv" || kind === "shell profile" ? outside : eachSecretOnce(outside);
}

/** Histories and backups repeat themselves, and no line of theirs is edited. */
function eachSecretOnce(found: readonly ExposedSecret[]): ExposedSecret[] {
  const once: { secret: ExposedSecret; lines: number }[] = [];
  for (const secret of found) {
    const known = once.find((earlier) => sharesSecret(earlier.secret.credential, secret.credential));
    if (known === undefined) once.push({ secret, lines: 1 });
    else known.lines++;
  }
  return once.map(({ secret, lines }) => ({ ...secret, lines }));
}
