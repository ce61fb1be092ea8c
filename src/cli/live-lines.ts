import { counted } from "./counted.ts";
import { hang, hintLine } from "./hanging-text.ts";
import type { CatalogueField, LiveModelRow, LiveServerRow } from "./live-rows.ts";
import { ABILITY_LEGEND, abilityText, priceText, tokensText } from "./model-words.ts";
import type { Style } from "./style.ts";
import { table } from "./table.ts";
import { wrap } from "./text-width.ts";

interface LiveList {
  readonly models: readonly LiveModelRow[];
  readonly servers?: readonly LiveServerRow[];
}

/** Who was asked, then what they list. */
export function liveLines({ models, servers = [] }: LiveList, style: Style): string {
  if (servers.length === 0) return wrap(`Nobody to ask: there is no account, and no server answers at the usual ports. ${accountAdvice(style)}`, style.width);
  const head = servers.map((server) => serverLines(server, style));
  if (models.length === 0) {
    const wasTold = servers.some((server) => server.models > 0);
    return [...head, "", wrap(wasTold ? "No model is listed that matches." : "No model was listed.", style.width)].join("\n");
  }
  const isFilled = models.some(({ fromCatalogue = [] }) => fromCatalogue.some((field) => SHOWN.includes(field)));
  const note = isFilled ? [style.dim("* from the catalogue: the server does not say")] : [];
  return [...head, "", modelLines(models, style), "", ...note, style.dim(ABILITY_LEGEND)].join("\n");
}

function accountAdvice(style: Style): string {
  return `${style.accent(`${style.cli} models auth add`)} stores a key; ${style.accent(`${style.cli} models add-server <url>`)} adds a server.`;
}

function serverLines(row: LiveServerRow, style: Style): string {
  const { label, outcome, detail, models, listedAt, kept, account, url, skipped, hint } = row;
  const sign = { listed: style.good("✓"), failed: style.bad("✗"), "not asked": style.dim("-") }[outcome];
  const count = counted(models, "model");
  const asOf = `as listed on ${listedAt?.slice(0, 10) ?? ""}`;
  const fate = outcome === "listed" ? count : `${detail ?? ""}${models > 0 ? `; ${count} ${asOf}` : ""}`;
  const where = outcome === "listed" ? [account ?? url ?? "", ...(kept ? [`${asOf}; --refresh asks anew`] : [])] : [];
  const odd = skipped > 0 ? [`${skipped} ${skipped === 1 ? "entry" : "entries"} could not be used`] : [];
  const more = [...where, ...odd].filter((part) => part !== "").join(" · ");
  const line = hang(`${sign} `, `${style.bold(label)} ${fate}${more === "" ? "" : ` ${style.dim(`(${more})`)}`}`, style.width);
  return hint === null ? line : `${line}\n${hintLine("  ", hint, style)}`;
}

const SHOWN: readonly CatalogueField[] = ["contextWindow", "outputTokens", "input", "tools", "reasoning", "usdPerMTok"];

function modelLines(models: readonly LiveModelRow[], style: Style): string {
  const isWide = style.width >= 100;
  const hasTags = models.some((model) => tagsText(model) !== "");
  const cells = models.map((model) => [
    model.key,
    marked(model, tokensText(model.contextWindow), "contextWindow"),
    ...(isWide ? [marked(model, tokensText(model.outputTokens), "outputTokens")] : []),
    marked(model, abilityText(model), "tools", "reasoning", "input"),
    marked(model, priceText(model.usdPerMTok), "usdPerMTok"),
    ...(hasTags ? [style.dim(tagsText(model))] : []),
  ]);
  const headers = ["Model", "Context", ...(isWide ? ["Output"] : []), "TVR", "$ in / out", ...(hasTags ? ["Tags"] : [])];
  const align = headers.map((header) => (/Context|Output|\$/.test(header) ? ("right" as const) : ("left" as const)));
  return table(cells, { headers, style, flexible: 0, align });
}

function marked({ fromCatalogue = [] }: LiveModelRow, text: string, ...fields: readonly CatalogueField[]): string {
  return fields.some((field) => fromCatalogue.includes(field)) ? `${text}*` : text;
}

/** Roles in the chain, and what is no chat model. */
function tagsText({ tags }: LiveModelRow): string {
  return tags
    .filter((tag) => tag !== "configured")
    .map((tag) => tag.replace("fallback#", "fallback ").replace("alias:", "alias "))
    .join(", ");
}
