import type { Catalog } from "../catalog/catalog.ts";
import { glanceOf } from "../catalog/glance.ts";
import { type ModelRef, refText } from "../catalog/model-ref.ts";
import { expected } from "../kernel/errors.ts";
import type { ProviderId } from "../kernel/ids.ts";
import type { Problem } from "../kernel/problem.ts";
import type { Chain, ChainEntry } from "../routing/chain.ts";
import type { Examined } from "../status/facts.ts";
import { answerOf, canAnswer, type ModelRow, modelRows, type ProviderRow, unknownModelRow } from "./model-row.ts";

export interface ConfiguredModel {
  readonly ref: ModelRef;
  readonly tags: string[];
  /** Where the chain has it with named accounts only: how those stand. */
  readonly pinned?: ProviderRow;
}

/** What the configuration says of models, by key: "default", "fallback#1", "image", "img-fallback#1", "configured", "alias:a,b". */
export interface ConfiguredModels {
  /** The chain in its order, then the models with settings in the order of the config; each once, with all its tags. */
  readonly models: ReadonlyMap<string, ConfiguredModel>;
  /** Settings for what is no model. */
  readonly problems: readonly Problem[];
}

export function configuredModels(examined: Examined): ConfiguredModels {
  const { chain, config } = examined;
  const models = new Map<string, { ref: ModelRef; tags: string[]; pinned?: ProviderRow }>();
  const problems: Problem[] = [];
  const tag = (ref: ModelRef, word: string): void => {
    const known = models.get(refText(ref)) ?? { ref, tags: [] };
    models.set(refText(ref), known);
    known.tags.push(word);
  };
  for (const entry of chain.entries) if (entry.resolution !== undefined) tag(entry.resolution.ref, roleTag(entry));
  for (const key of Object.keys(config.value.agents?.defaults?.models ?? {})) withResolved(key, chain.resolve, (ref) => tag(ref, "configured"), problems);
  for (const [key, pinned] of pinnedAnswers(examined)) Object.assign(models.get(key) ?? {}, { pinned });
  for (const [key, words] of aliasesByKey(chain)) models.get(key)?.tags.push(`alias:${words.join(",")}`);
  return { models, problems };
}

/** The configured models as rows of a list. */
export function configuredRows({ models }: ConfiguredModels, catalog: Catalog, answers: (provider: ProviderId) => ProviderRow): ModelRow[] {
  const listed = new Map(catalog.providers().map(({ id, models: count }) => [id, count]));
  return [...models.values()].flatMap(({ ref, tags, pinned }) => {
    const entry = catalog.find(ref);
    const answer = pinned ?? answers(ref.provider);
    if (entry !== undefined) return modelRows([glanceOf(entry)], answer, models);
    return unknownModelRow(ref, answer, tags, (listed.get(ref.provider) ?? 0) > 0 && answer.local !== true ? "listed" : "not listed");
  });
}

/** By key. Of several accounts one that can answer; none of a model that the chain has without an account as well. */
function pinnedAnswers(examined: Examined): ReadonlyMap<string, ProviderRow> {
  const resolved = examined.chain.entries.flatMap(({ resolution }) => resolution ?? []);
  const open = new Set(resolved.filter(({ profile }) => profile === undefined).map(({ ref }) => refText(ref)));
  const answers = new Map<string, ProviderRow>();
  for (const resolution of resolved) {
    const key = refText(resolution.ref);
    const known = answers.get(key);
    if (!open.has(key) && (known === undefined || !canAnswer(known.availability))) answers.set(key, answerOf(resolution, examined));
  }
  return answers;
}

function aliasesByKey(chain: Chain): ReadonlyMap<string, string[]> {
  const aliases = new Map<string, string[]>();
  for (const { alias, target } of chain.aliases.all)
    withResolved(target, chain.resolve, (ref) => aliases.set(refText(ref), [...(aliases.get(refText(ref)) ?? []), alias]), []);
  return aliases;
}

function withResolved(key: string, resolve: (text: string) => { ref: ModelRef }, use: (ref: ModelRef) => void, problems: Problem[]): void {
  try {
    use(resolve(key).ref);
  } catch (thrown) {
    const { message, hint } = expected(thrown);
    problems.push({
      code: "REF_BROKEN",
      severity: "warning",
      subject: `agents.defaults.models.${key}`,
      message: `the settings of "${key.slice(0, 100)}" are for no model: ${message}`,
      hint,
    });
  }
}

function roleTag({ role, position }: ChainEntry): string {
  return { default: "default", fallback: `fallback#${position}`, image: "image", "image-fallback": `img-fallback#${position}` }[role];
}
