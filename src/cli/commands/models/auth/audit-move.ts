import type { Broker, ConfigView } from "../../../../broker.ts";
import { keyPathText } from "../../../../config/key-path.ts";
import type { KeyPath } from "../../../../config/loaded-config.ts";
import { absolutePath } from "../../../../config/locate.ts";
import type { ExposedSecret } from "../../../../credentials/audit.ts";
import { authEdits } from "../../../../credentials/auth-edits.ts";
import { freeId } from "../../../../credentials/import-plan.ts";
import { AppError } from "../../../../kernel/errors.ts";
import { type ProfileId, type ProviderId, toProfileId } from "../../../../kernel/ids.ts";
import { placeText } from "../../../../kernel/place.ts";
import type { ClearTextRow, MovedRow } from "./audit-report.ts";
import { forgetBesideConfig } from "./config-backup.ts";
import { leftCopies } from "./left-copies.ts";
import { readAgain } from "./read-again.ts";

const COMMAND = "models auth audit --move";

/** Which row is meant by its number, `file:line`, or a file with one row. Throws USAGE. */
export function findRow(written: string, rows: readonly ClearTextRow[], broker: Broker): number {
  const [, path = written, line] = /^(.*?)(?::(\d+))?(?::\d+)?$/.exec(written.trim()) ?? [];
  const file = absolutePath(broker.host, broker.homeDir(), path);
  const isMeant = (row: ClearTextRow): boolean =>
    /^\d+$/.test(written.trim()) ? row.number === Number(written) : row.file === file && (line === undefined || row.line === Number(line));
  const meant = rows.filter(isMeant);
  const [row] = meant;
  if (row === undefined)
    throw new AppError("USAGE", "--move names nothing that the audit found", {
      hint: "`{cli} models auth audit` numbers what there is; give a number or file:line.",
    });
  if (meant.length > 1)
    throw new AppError("USAGE", `--move names ${meant.length} secrets`, { hint: `Give one of the numbers ${meant.map(({ number }) => number).join(", ")}.` });
  if (row.move === null)
    throw new AppError("USAGE", `that one cannot be moved: ${placeText({ file: row.file, ...(row.line !== null && { line: row.line }) })}`, { hint: row.todo });
  return rows.indexOf(row);
}

/** The store first, then the config: at no moment is the secret nowhere. */
export async function moveSecret(secret: ExposedSecret, row: ClearTextRow, broker: Broker): Promise<MovedRow> {
  const { provider, path, storedAs } = secret;
  if (provider === undefined) throw new AppError("INTERNAL", "a secret without a provider was moved", { hint: "This is a bug. Please report it." });
  checkAgent(broker);
  const edited = row.move === "out" ? path : undefined;
  if (edited !== undefined) await tryToTakeOut(edited, secret, broker);
  const id = storedAs ?? (await putAway(secret, provider, broker));
  const configFiles = await takeOut(edited, { id, provider, kind: secret.credential.kind, isNew: storedAs === undefined }, broker);
  const after = await readAgain(broker);
  if (edited !== undefined) await forgetBesideConfig(after, [secret.credential], COMMAND);
  const { storePath } = after.credentials();
  const copies = leftCopies(after, [secret.credential]);
  return {
    file: row.file,
    line: row.line,
    called: row.called,
    profileId: id,
    fingerprint: row.fingerprint,
    storePath,
    wasStored: storedAs !== undefined,
    configFiles,
    takenOut: edited !== undefined,
    copies: copies.rows.filter(({ file }) => file !== storePath),
    copiesCut: copies.isCut,
  };
}

/** What the config and the environment hold counts for every agent; the main agent's store does too. */
function checkAgent(broker: Broker): void {
  const { all, chosen, mainDir } = broker.agents();
  const main = all.find(({ dir }) => dir === mainDir);
  if (chosen.dir === mainDir || main === undefined) return;
  throw new AppError("USAGE", `all agents use that key, and agent ${chosen.id} has a store of its own`, {
    hint: `Give --agent ${main.id}: the others read through to its store.`,
  });
}

/** Everything that could refuse the change does so now. */
async function tryToTakeOut(path: KeyPath, { holder, called }: ExposedSecret, broker: Broker): Promise<void> {
  const variable = holder === "variable" ? path.at(-1) : undefined;
  const [user] = broker.config().replaced.filter(({ variables }) => variables.some((name) => name === variable));
  if (user !== undefined)
    throw new AppError("USAGE", `${called} is used by ${keyPathText(user.path)}`, {
      hint: `Set ${variable} in the environment instead, and delete it here; or move ${keyPathText(user.path)} first.`,
    });
  await broker.editConfig(() => [{ kind: "remove", path }], { command: COMMAND, dryRun: true });
}

const NAMES: Partial<Record<ExposedSecret["kind"], string>> = { config: "config", dotenv: "env", "shell profile": "shell" };

async function putAway({ kind, credential }: ExposedSecret, provider: ProviderId, broker: Broker): Promise<ProfileId> {
  const taken = new Set<string>(broker.credentials().profiles.map(({ id }) => id));
  const { result } = await broker.editStore({ command: COMMAND, backup: "previous" }, (draft) => {
    const id = toProfileId(freeId(`${provider}:${NAMES[kind] ?? "moved"}`, (text) => taken.has(text) || draft.has(toProfileId(text))));
    draft.put(id, { provider, credential });
    return id;
  });
  return result;
}

interface Kept {
  readonly id: ProfileId;
  readonly provider: ProviderId;
  readonly kind: "api_key" | "token" | "oauth";
  /** Put away just now: without the config's change it goes again. */
  readonly isNew: boolean;
}

async function takeOut(path: KeyPath | undefined, kept: Kept, broker: Broker): Promise<string[]> {
  const plan = ({ config, registry }: ConfigView) => [
    ...(path === undefined ? [] : [{ kind: "remove", path } as const]),
    ...authEdits(config(), registry(), kept),
  ];
  if (plan(broker).length === 0) return [];
  try {
    const { files } = await broker.editConfig(plan, { command: COMMAND, dryRun: false });
    return files.map(({ file }) => file);
  } catch (thrown) {
    if (kept.isNew) await broker.editStore({ command: COMMAND, backup: "current" }, (draft) => draft.remove(kept.id));
    throw thrown;
  }
}
