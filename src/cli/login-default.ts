import type { Broker } from "../broker.ts";
import { AppError } from "../kernel/errors.ts";
import type { ProviderId } from "../kernel/ids.ts";
import type { LoginMethod } from "../provider/login-method.ts";
import { planPrimary } from "../routing/primary-edits.ts";
import { labelOf } from "./ask-credential.ts";
import { editFacts, plannedEdit } from "./planned-edit.ts";
import type { Talk } from "./talk.ts";

/** provider/model. */
export interface DefaultModel {
  readonly ref: string;
  readonly command: string;
}

/** Which model `--set-default` will choose: the method's, else the first of an own provider, else the one that the person picks. Throws USAGE. */
export async function plannedDefault(broker: Broker, talk: Talk, provider: ProviderId, method: LoginMethod): Promise<string> {
  const own = broker
    .registry()
    .get(provider)
    ?.custom.flatMap(({ models }) => models)[0]?.id;
  const known = method.defaultModel ?? own;
  if (known !== undefined) return `${provider}/${known}`;
  const instead = `Log in without --set-default, then run \`{cli} models set ${provider}/<model>\`.`;
  const models = broker.catalog().models(provider, "facts");
  if (!talk.isInteractive || models.length === 0) {
    throw new AppError("USAGE", `--set-default: which model of ${labelOf(broker, provider)} is to be the default is not known`, { hint: instead });
  }
  const choices = models.map(({ spec }) => ({ value: `${provider}/${spec.id}`, label: spec.id, ...(spec.name !== undefined && { hint: spec.name }) }));
  return talk.choose("Which model is to be the default?", choices, { instead });
}

/** As `models set` does it. */
export async function setDefaultModel(broker: Broker, talk: Talk, { ref, command }: DefaultModel): Promise<string> {
  const { facts } = await plannedEdit({ broker, talk, command, dryRun: false }, (view) => planPrimary("model", ref, editFacts(view)));
  return facts.chosen.text;
}
