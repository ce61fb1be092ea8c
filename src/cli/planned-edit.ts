import type { Broker, ConfigView } from "../broker.ts";
import type { EditOptions } from "../config/config-edit.ts";
import type { Planned } from "../config/planned.ts";
import type { EditFacts } from "../routing/chosen-model.ts";
import { AppError } from "../kernel/errors.ts";
import { type EditReport, editReport } from "./edit-report.ts";
import type { Talk } from "./talk.ts";

export interface PlannedEdit<Facts> {
  readonly report: EditReport;
  readonly facts: Facts;
  /** The config as it was planned from. */
  readonly before: ConfigView;
  /** As it is, or with `--dry-run` would be. */
  readonly after: ConfigView;
}

/** Plans, writes, and says the plan's warnings; all but the last plan are forgotten. */
export async function plannedEdit<Facts>(
  { broker, talk, ...options }: { readonly broker: Broker; readonly talk: Talk } & EditOptions,
  plan: (view: ConfigView) => Planned<Facts>,
): Promise<PlannedEdit<Facts>> {
  const plans: { readonly view: ConfigView; readonly planned: Planned<Facts> }[] = [];
  const outcome = await broker.editConfig((view) => {
    const planned = plan(view);
    plans.push({ view, planned });
    return planned.edits;
  }, options);
  const last = plans.at(-1);
  if (last === undefined) throw new AppError("INTERNAL", "an edit that nobody planned", { hint: "This is a bug. Please report it." });
  for (const warning of last.planned.warnings) talk.warn(warning);
  const shows = options.dryRun || talk.answersInJson ? "diffs" : "names";
  return { report: editReport(outcome, shows), facts: last.planned.facts, before: last.view, after: outcome.after };
}

/** What edits of models are planned from. */
export function editFacts({ config, agents, registry, chain }: ConfigView): EditFacts {
  return { config: config(), agents: agents(), registry: registry(), chain: chain() };
}
