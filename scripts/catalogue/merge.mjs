/**
 * All readings as one shard a provider. The first source is the newest and counts first.
 * An older source adds facts to models that a newer one still lists; only of providers that no newer source covers, its own list counts.
 */
export function mergeReadings(readings, tools) {
  const providers = new Map();
  for (const found of readings) {
    const covered = new Set(providers.keys());
    for (const list of found.lists) listedIn(providers, list, tools);
    for (const model of found.models) stateIn(providers, model, { ...tools, covered });
  }
  const shards = [...providers].sort(([one], [other]) => (one < other ? -1 : 1)).map(([id, known]) => shardOf(id, known, tools));
  return shards.filter(({ models, ids }) => models.length + ids.length > 0);
}

function providerIn(providers, theirs, { spell }) {
  const id = spell(theirs);
  if (!/^[a-z0-9][a-z0-9._-]*$/.test(id) || id === "index") throw new Error(`"${id}" cannot be a provider id`);
  const known = providers.get(id) ?? { models: new Map(), lists: [], listed: new Set() };
  providers.set(id, known);
  return known;
}

function listedIn(providers, { provider, source, ids }, tools) {
  const known = providerIn(providers, provider, tools);
  known.lists.push({ source, ids });
  for (const id of ids) known.listed.add(id);
}

function stateIn(providers, { provider, id, source, facts, priceSteps, isEcho }, tools) {
  const known = providerIn(providers, provider, tools);
  if ((isEcho || tools.covered.has(tools.spell(provider))) && !known.listed.has(id)) return;
  known.listed.add(id);
  const stated = known.models.get(id) ?? [];
  if (!stated.some((reading) => reading.source === source)) known.models.set(id, [...stated, { source, facts, ...(priceSteps && { priceSteps }) }]);
}

/** A model of which no more than these is known is listed by its id alone. */
const SMALL_FACTS = new Set(["name", "protocol", "deprecated"]);

function shardOf(id, { models, lists }, { packShard, vendor }) {
  const stated = [...models].map(([model, readings]) => ({
    id: model,
    stated: namedFirst(readings).map((reading) => finished(reading, readings, vendor(id))),
  }));
  const saysMore = ({ facts }) => Object.keys(facts).some((fact) => !SMALL_FACTS.has(fact));
  return packShard(
    id,
    stated.filter((model) => model.stated.some(saysMore)),
    lists,
  );
}

/** The main source of a row is one that names the model; the order is otherwise kept. */
function namedFirst(readings) {
  return [...readings.filter(({ facts }) => facts.name !== undefined), ...readings.filter(({ facts }) => facts.name === undefined)];
}

/** An address is kept only where a model speaks another wire format than its vendor; one without an address would then lead astray. */
function finished(reading, readings, vendor) {
  const facts = { ...reading.facts };
  const isElsewhere = vendor !== undefined && vendor.quirks.addressing === undefined && facts.protocol !== vendor.protocol;
  if (!isElsewhere) delete facts.baseUrl;
  else if (facts.baseUrl === undefined) delete facts.protocol;
  const finer = readings.find((other) => other !== reading && isFinerInput(other.facts.input, facts.input));
  if (finer !== undefined) delete facts.input;
  return { ...reading, facts };
}

/** Some sources know text and image only. One that says the same of these and knows more is not contradicted: it alone is kept. */
function isFinerInput(finer, coarse) {
  if (finer === undefined || coarse === undefined || finer.length <= coarse.length) return false;
  const rough = finer.filter((modality) => modality === "text" || modality === "image");
  return rough.length === coarse.length && rough.every((modality) => coarse.includes(modality));
}
