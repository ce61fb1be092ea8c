import { readFileSync } from "node:fs";
import { join } from "node:path";
import { runInNewContext } from "node:vm";

/** Ids under which this package keeps prices. Those of single backends behind another provider's router are left out. */
const PROVIDERS = [
  "anthropic",
  "arcee",
  "avian",
  "aws",
  "azure",
  "baseten",
  "cerebras",
  "cloudflare",
  "cohere",
  "deepseek",
  "doubleword",
  "fireworks",
  "github-copilot",
  "google",
  "groq",
  "minimax",
  "mistral",
  "modal",
  "moonshotai",
  "novita",
  "openai",
  "openrouter",
  "ovhcloud",
  "perplexity",
  "together",
  "voyageai",
  "x-ai",
  "zai",
  "zhipuai",
];

/** Where its id is not that of the other sources. */
const SPELLINGS = { aws: "amazon-bedrock", cloudflare: "cloudflare-workers-ai" };

/** Prices with their history. The package's code is read in a context of its own, without modules, files or network. */
export function readGenaiPrices(root, source, { statedPrice }) {
  const module = { exports: {} };
  runInNewContext(readFileSync(join(root, "dist/index.cjs"), "utf8"), { module, exports: module.exports, URL, console: undefined });
  const models = PROVIDERS.flatMap((provider) => {
    const known = module.exports.findProvider({ providerId: provider });
    if (known?.id !== provider) throw new Error(`the package has no prices of ${provider}`);
    return known.models.flatMap((model) =>
      namesOf(model).map((id) => ({
        provider: SPELLINGS[provider] ?? provider,
        id,
        source,
        isEcho: id !== model.id,
        ...readFacts(id, model, pricesOn(source.checkedOn, model.prices), statedPrice),
      })),
    );
  });
  return { models, lists: [] };
}

/** The ids that this entry means to the letter; all but the first are echoes of it and make no model of their own. Its looser patterns (`starts_with`, `contains`) would give one model another's price. */
function namesOf({ id, match }) {
  const exact = (clause) => (clause.equals !== undefined ? [clause.equals] : (clause.or ?? []).flatMap(exact));
  return [...new Set([id, ...exact(match)])];
}

function readFacts(id, { name, context_window, deprecated }, prices, statedPrice) {
  const { input_mtok: input, output_mtok: output, cache_read_mtok: cacheRead, cache_write_mtok: cacheWrite } = prices;
  const price = statedPrice({ input: base(input), output: base(output), cacheRead: base(cacheRead), cacheWrite: base(cacheWrite) }, { id, name });
  return {
    facts: {
      ...(name !== undefined && { name }),
      ...(context_window > 0 && { contextTokens: context_window }),
      ...(price !== undefined && { usdPerMTok: price }),
      ...(deprecated === true && { deprecated }),
    },
  };
}

/** The last entry that had begun by then and holds all day long. */
function pricesOn(day, prices) {
  if (!Array.isArray(prices)) return prices;
  const held = prices.filter(({ constraint }) => constraint === undefined || (constraint.type === "start_date" && constraint.start_date <= day));
  return held.at(-1)?.prices ?? {};
}

/** The price of a short prompt where longer ones cost more. */
function base(price) {
  return typeof price === "object" && price !== null ? price.base : price;
}
