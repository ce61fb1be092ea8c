import type { ModelRow } from "./model-row.ts";
import { abilityText, availabilityText, priceText, tokensText } from "./model-words.ts";
import type { Style } from "./style.ts";
import { table } from "./table.ts";
import { cutId } from "./text-width.ts";

/** From this many columns on, every column is shown. */
const WIDE = 100;

interface Column {
  readonly header: string;
  readonly cell: (row: ModelRow) => string;
  readonly align?: "right";
}

/** One line a model. On a narrow terminal, configured models show whether they can answer, and listed ones what they can do and cost. */
export function modelTable({ models, view }: { readonly models: readonly ModelRow[]; readonly view: "configured" | "catalogue" }, style: Style): string {
  const isWide = style.width >= WIDE;
  const abilities: Column[] = [
    { header: "TVR", cell: abilityText },
    { header: "$ in / out", cell: ({ usdPerMTok }) => priceText(usdPerMTok), align: "right" },
  ];
  const tags: Column = { header: "Tags", cell: (row) => style.dim(cutId(tagsText(row), isWide ? 34 : 26, style)) };
  const columns: Column[] = [
    { header: "Model", cell: ({ key }) => key },
    { header: "Context", cell: ({ contextWindow }) => tokensText(contextWindow), align: "right" },
    ...(isWide ? [{ header: "Output", cell: ({ outputTokens }: ModelRow) => tokensText(outputTokens), align: "right" as const }] : []),
    ...(isWide || view === "catalogue" ? abilities : []),
    {
      header: "Access",
      cell: ({ availability }) => (view === "configured" && availability === "missing" ? style.bad("✗ none") : availabilityText(availability, style)),
    },
    ...((isWide || view === "configured") && models.some((row) => tagsText(row) !== "") ? [tags] : []),
  ];
  const cells = models.map((row) => columns.map(({ cell }) => cell(row)));
  return table(cells, { headers: columns.map(({ header }) => header), style, flexible: 0, align: columns.map(({ align }) => align ?? "left") });
}

/** Without "configured", which all of that view are. */
function tagsText({ tags }: ModelRow): string {
  return tags
    .filter((tag) => tag !== "configured")
    .map((tag) => tag.replace("fallback#", "fallback ").replace("alias:", "alias ").replaceAll(",", ", "))
    .join(", ");
}
