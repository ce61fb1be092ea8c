import type { ModelRow } from "./model-row.ts";
import { abilityText, availabilityText, priceText, tokensText } from "./model-words.ts";
import type { Style } from "./style.ts";
import { table } from "./table.ts";
import { cutMiddle } from "./text-width.ts";

/** From this many columns on, the longest answer has a column of its own. */
const WIDE = 100;

/** One line a model. The reference gives way first, then the tags. */
export function modelTable({ models, view }: { readonly models: readonly ModelRow[]; readonly view: "configured" | "catalogue" }, style: Style): string {
  const isWide = style.width >= WIDE;
  const hasTags = models.some((row) => tagsText(row) !== "");
  const cells = models.map((row) => [
    row.key,
    tokensText(row.contextWindow),
    ...(isWide ? [tokensText(row.outputTokens)] : []),
    abilityText(row),
    priceText(row.usdPerMTok),
    view === "configured" && row.availability === "missing" ? style.bad("✗ no key") : availabilityText(row.availability, style),
    ...(hasTags ? [style.dim(cutMiddle(tagsText(row), isWide ? 34 : 20))] : []),
  ]);
  const headers = ["Model", "Context", ...(isWide ? ["Output"] : []), "TVR", "$ in / out", "Access", ...(hasTags ? ["Tags"] : [])];
  const align = ["left", "right", ...(isWide ? ["right" as const] : []), "left", "right", "left", "left"] as const;
  return table(cells, { headers, style, flexible: 0, align });
}

/** Without "configured", which all of that view are. */
function tagsText({ tags }: ModelRow): string {
  return tags
    .filter((tag) => tag !== "configured")
    .map((tag) => tag.replace("fallback#", "fallback ").replace("alias:", "alias ").replaceAll(",", ", "))
    .join(", ");
}
