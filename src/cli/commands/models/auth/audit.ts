import type { Broker } from "../../../../broker.ts";
import { type Audit, audit, type ExposedSecret } from "../../../../credentials/audit.ts";
import { fingerprint } from "../../../../credentials/fingerprint.ts";
import { defineCommand } from "../../../command.ts";
import { flag, type Given, text } from "../../../option.ts";
import type { Talk } from "../../../talk.ts";
import { whatToDo } from "./audit-advice.ts";
import { auditText } from "./audit-lines.ts";
import { findRow, moveSecret } from "./audit-move.ts";
import type { AuditReport, ClearTextRow, MovedRow } from "./audit-report.ts";
import { readAgain } from "./read-again.ts";

const options = {
  check: flag("exit with 1 when a secret lies in clear text outside the stores"),
  move: text("<place>", "take one into the store: its number or file:line from this list"),
};

export const modelsAuthAudit = defineCommand({
  summary: "Show where secrets lie in clear text on this machine",
  about: [
    "Looks into the config, models.json, files of earlier versions and backups, .env files, start-up files and histories of shells, and the files of well-known tools: for variables that providers know, for beginnings of keys that vendors publish, and for what is stored. Only fingerprints are shown.",
    "--move stores a key of the config and takes it out of there: this program and older agents then find it in the store. What lies in other files is stored as well, but only you delete it there.",
  ].join("\n\n"),
  rooms: ["credentials"],
  options,
  examples: [
    { run: "models auth audit", does: "every place, and what to do about it" },
    { run: "models auth audit --check --json", does: "for a build: exit code 1 when there is any" },
    { run: "models auth audit --move 1", does: "takes the first one into the store" },
  ],
  run,
  human: auditText,
  plain: ({ found }) =>
    found
      .map(({ kind, file, line, provider, fingerprint: shown }) => [kind, line === null ? file : `${file}:${line}`, provider ?? "-", shown].join("\t"))
      .join("\n"),
  exitCode: ({ found, openStores }, { check }) => (check && found.length + openStores.length > 0 ? 1 : 0),
});

async function run(broker: Broker, given: Given<typeof options>, _args: readonly string[], talk: Talk): Promise<AuditReport> {
  const seen = await lookAround(broker);
  for (const { file, why } of seen.unread) talk.warn(`${file} was not looked into: ${why}.`);
  if (given.move === undefined) return reportOf(seen, broker, null);
  const rows = seen.found.map((secret, index) => clearTextRow(secret, index, broker));
  const index = findRow(given.move, rows, broker);
  const [secret, row] = [seen.found[index], rows[index]];
  const moved = secret === undefined || row === undefined ? null : await moveSecret(secret, row, broker);
  const after = await readAgain(broker);
  return reportOf(await lookAround(after), after, moved);
}

async function lookAround({ host, names, config, agents, registry }: Broker): Promise<Audit> {
  const rescued = (await host.refreshing()).allRescued();
  return audit({ host, names, config: config(), agents: agents(), registry: registry(), rescued });
}

function reportOf({ found, openStores, filesRead }: Audit, broker: Broker, moved: MovedRow | null): AuditReport {
  return {
    schemaVersion: 1,
    agentId: broker.agents().chosen.id,
    found: found.map((secret, index) => clearTextRow(secret, index, broker)),
    openStores: openStores.map(({ file, message, hint }) => ({ file, message, todo: hint })),
    filesRead,
    moved,
  };
}

function clearTextRow(secret: ExposedSecret, index: number, { registry, host }: Broker): ClearTextRow {
  const { kind, place, called, provider, credential, storedAs, tool, lines } = secret;
  const methods = provider === undefined ? [] : (registry().get(provider)?.provider.auth ?? []);
  return {
    number: index + 1,
    kind,
    file: place.file,
    line: place.line ?? null,
    lines: lines ?? 1,
    called: called ?? null,
    provider: provider ?? null,
    type: credential.kind,
    fingerprint: fingerprint(credential, methods, (value) => host.sha256(value)),
    storedAs: storedAs ?? null,
    tool: tool?.label ?? null,
    ...whatToDo(secret, index + 1),
  };
}
