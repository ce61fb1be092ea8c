import type { Broker, ConfigView } from "../../../../broker.ts";
import { looksSecret } from "../../../../config/secret-looks.ts";
import { authEdits, type NamedProfile } from "../../../../credentials/auth-edits.ts";
import { fingerprint } from "../../../../credentials/fingerprint.ts";
import { expiryOf } from "../../../../credentials/health.ts";
import { freeId, type PlannedImport, planImport } from "../../../../credentials/import-plan.ts";
import { type ImportInput, importCandidates, importSources } from "../../../../credentials/import-sources.ts";
import { KNOWN_TOOLS } from "../../../../credentials/known-tools.ts";
import { AppError } from "../../../../kernel/errors.ts";
import { type ProfileId, toProfileId } from "../../../../kernel/ids.ts";
import { didYouMean } from "../../../../kernel/nearest.ts";
import { problemRows } from "../../../../status/problem-row.ts";
import { defineCommand } from "../../../command.ts";
import { flag, type Given, list } from "../../../option.ts";
import { makeStyle } from "../../../style.ts";
import type { Talk } from "../../../talk.ts";
import { carriedRows } from "./carried-over.ts";
import { foundLines, importText } from "./import-lines.ts";
import type { FoundRow, ImportReport } from "./import-report.ts";
import { tryConfig } from "./try-config.ts";

const options = {
  from: list("<source>", "only from these: environment, older-files, an older state folder, or a tool (codex, opencode, …); without a terminal, all of them"),
  yes: flag("everything that is new, without asking"),
  dryRun: flag("show what was found, and store nothing"),
};

export const modelsAuthImport = defineCommand({
  summary: "Find credentials elsewhere on this machine, and store those that you choose",
  about: [
    "Looks at the environment and .env files, at older state folders and files of this program, and at the files of well-known tools. What was found is shown first. Nothing of others is ever changed.",
    `Tools: ${KNOWN_TOOLS.map(({ id }) => id).join(", ")}. Logins that renew themselves are shown and never copied: they work in one place only.`,
  ].join("\n\n"),
  rooms: ["credentials"],
  options,
  examples: [
    { run: "models auth import", does: "shows what there is, and asks" },
    { run: "models auth import --dry-run --json", does: "what there is, as data" },
    { run: "models auth import --from opencode --yes", does: "the keys of one tool" },
  ],
  run,
  human: importText,
  plain: ({ found }) =>
    found
      .filter(({ verdict }) => verdict === "new")
      .map(({ profileId, source, imported }) => [profileId, source, imported ? "imported" : "found"].join("\t"))
      .join("\n"),
});

const COMMAND = "models auth import";

async function run(broker: Broker, given: Given<typeof options>, _args: readonly string[], talk: Talk): Promise<ImportReport> {
  const input: ImportInput = { host: broker.host, names: broker.names, config: broker.config(), agents: broker.agents(), registry: broker.registry() };
  const from = checkedSources(given.from, importSources(input, KNOWN_TOOLS));
  const all = importCandidates(input);
  const candidates = all.candidates.filter(({ source }) => from.length === 0 || from.includes(source));
  const stored = broker.credentials().profiles.filter(({ origin }) => origin.kind === "store");
  const planned = planImport(candidates, stored, broker.host.nowMs());
  const report: ImportReport = {
    schemaVersion: 1,
    outcome: "nothing new",
    agentId: input.agents.chosen.id,
    storePath: broker.credentials().storePath,
    found: planned.map((one) => foundRow(one, broker)),
    configFiles: [],
    configProblem: null,
    carriedOver: [],
    problems: problemRows(all.problems),
  };
  const fresh = planned.filter(({ verdict }) => verdict.kind === "new");
  if (given.dryRun) return { ...report, outcome: "dry run" };
  if (fresh.length === 0) return report;
  const isAgreed = given.yes || (from.length > 0 && !talk.isInteractive);
  const chosen = isAgreed ? fresh : await pick(fresh, report, { talk, broker });
  return chosen.length === 0 ? { ...report, outcome: "declined" } : store(chosen, report, broker);
}

function checkedSources(written: readonly string[], known: readonly string[]): string[] {
  return written.map((word) => {
    const source = word.toLowerCase();
    if (known.includes(source)) return source;
    throw new AppError(
      "USAGE",
      `--from takes the name of a source; ${looksSecret(word) ? "that" : `"${word.slice(0, 60)}"`} is none.${didYouMean(word, known)}`,
      {
        hint: `Sources here: ${known.join(", ")}.`,
      },
    );
  });
}

/** Shows all, and asks. Without a terminal that throws TERMINAL_NEEDED. */
async function pick(
  fresh: readonly PlannedImport[],
  report: ImportReport,
  { talk, broker }: { talk: Talk; broker: Broker },
): Promise<readonly PlannedImport[]> {
  const instead = "Give --yes for all that is new, --from <source> for some of it, or --dry-run to look.";
  const style = makeStyle({ colour: false, width: 80, cli: "{cli}", homeDir: broker.homeDir(), nowMs: broker.host.nowMs() });
  if (talk.isInteractive) for (const line of foundLines(report, style).join("\n").split("\n")) talk.note(line);
  const question = fresh.length === 1 ? `Store ${idOf(fresh[0])}?` : `Store which of the ${fresh.length} new ones?`;
  if (fresh.length === 1) return (await talk.confirm(question, { instead })) ? fresh : [];
  const answer = await talk.choose(
    question,
    [
      { value: "all", label: `All ${fresh.length}` },
      { value: "some", label: "Choose one by one" },
      { value: "none", label: "None" },
    ],
    { instead },
  );
  if (answer !== "some") return answer === "all" ? fresh : [];
  const chosen: PlannedImport[] = [];
  for (const one of fresh) if (await talk.confirm(`Store ${idOf(one)}, from ${one.candidate.label}?`, { instead })) chosen.push(one);
  return chosen;
}

function idOf(planned: PlannedImport | undefined): ProfileId | undefined {
  return planned?.verdict.kind === "new" ? planned.verdict.id : undefined;
}

interface Stored {
  readonly one: PlannedImport;
  readonly named: NamedProfile;
}

/** Under the id that was shown, or the next one where the store turns out to have it, perhaps in an entry that cannot be read. */
async function store(chosen: readonly PlannedImport[], report: ImportReport, broker: Broker): Promise<ImportReport> {
  const edited = await broker.editStore({ command: COMMAND, backup: "previous" }, (draft) =>
    chosen.flatMap((one): Stored[] => {
      const [wanted, { provider, credential, reference, email }] = [idOf(one), one.candidate];
      if (wanted === undefined || provider === undefined) return [];
      const id = toProfileId(freeId(wanted, (text) => draft.has(toProfileId(text))));
      draft.put(id, { provider, credential, ...(reference !== undefined && { reference }), ...(email !== undefined && { email }) });
      return [{ one, named: { id, provider, kind: credential.kind, ...(email !== undefined && { email }) } }];
    }),
  );
  const plan = ({ config, registry }: ConfigView) => edited.result.flatMap(({ named }) => authEdits(config(), registry(), named));
  const { files, problem } = await tryConfig(broker, plan, COMMAND);
  const idsShown = new Map(edited.result.map(({ one, named }) => [idOf(one) as string, named.id]));
  const found = report.found.map((row) => {
    const id = row.verdict === "new" ? idsShown.get(row.profileId ?? "") : undefined;
    return id === undefined ? row : { ...row, profileId: id, imported: true };
  });
  return { ...report, outcome: "imported", found, configFiles: files, configProblem: problem, carriedOver: carriedRows(edited) };
}

function foundRow({ candidate, verdict }: PlannedImport, broker: Broker): FoundRow {
  const { source, label, place, called, provider, providerName, credential } = candidate;
  const methods = provider === undefined ? [] : (broker.registry().get(provider)?.provider.auth ?? []);
  return {
    source,
    label,
    file: place?.file ?? null,
    line: place?.line ?? null,
    called: called ?? null,
    provider: provider ?? null,
    providerName,
    type: credential.kind,
    fingerprint: fingerprint(credential, methods, (text) => broker.host.sha256(text)),
    expiresAt: expiryOf({ credential }) ?? null,
    verdict: verdict.kind,
    profileId: verdict.kind === "new" ? verdict.id : verdict.kind === "stored" ? verdict.as : verdict.kind === "repeated" ? verdict.of : null,
    takenId: verdict.kind === "new" ? (verdict.instead ?? null) : null,
    reason: verdict.kind === "refused" ? verdict.reason : null,
    imported: false,
  };
}
