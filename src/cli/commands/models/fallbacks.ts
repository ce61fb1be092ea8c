import { refText } from "../../../catalog/model-ref.ts";
import { placeText } from "../../../kernel/place.ts";
import type { ChainEntry, ChainRole } from "../../../routing/chain.ts";
import { type PlaceRow, placeRow } from "../../../status/place-row.ts";
import type { Broker } from "../../../broker.ts";
import { defineCommand } from "../../command.ts";
import type { Style } from "../../style.ts";
import { wrap } from "../../text-width.ts";

export interface ModelsFallbacksReport {
  schemaVersion: 1;
  /** As written, in order; also for images. */
  fallbacks: string[];
  entries: FallbackRow[];
  role: "fallback" | "image-fallback";
  agentId: string;
  /** Whose list counts. */
  from: "agent" | "defaults";
}

export interface FallbackRow {
  /** From 1. */
  position: number;
  raw: string;
  /** provider/model; null when it leads nowhere. */
  key: string | null;
  alias: string | null;
  pinnedProfile: string | null;
  /** Why it leads nowhere. */
  reason: string | null;
  place: PlaceRow | null;
}

export const modelsFallbacksList = listCommand("fallback");
export const modelsImageFallbacksList = listCommand("image-fallback");

function listCommand(role: "fallback" | "image-fallback") {
  const path = role === "fallback" ? "models fallbacks list" : "models image-fallbacks list";
  return defineCommand({
    summary: role === "fallback" ? "List the fallback models in order" : "List the fallback models for images in order",
    about:
      role === "fallback"
        ? "They answer, in this order, when the default model cannot. An agent may have a list of its own; an empty one turns the common one off."
        : "They answer, in this order, when the image model cannot. Agents have no list of their own.",
    rooms: [],
    options: {},
    examples: [
      { run: path, does: "each with what it resolves to and where it is written" },
      { run: `${path} --plain`, does: "as written, one a line" },
    ],
    run: (broker) => list(broker, role),
    human,
    plain: (report: ModelsFallbacksReport) => report.fallbacks.join("\n"),
  });
}

function list({ chain, agents }: Broker, role: "fallback" | "image-fallback"): ModelsFallbacksReport {
  const entries = chain().entries.filter((entry) => entry.role === (role satisfies ChainRole));
  return {
    schemaVersion: 1,
    fallbacks: entries.map(({ raw }) => raw),
    entries: entries.map(fallbackRow),
    role,
    agentId: agents().chosen.id,
    from: role === "fallback" ? chain().fallbacksFrom : "defaults",
  };
}

function fallbackRow(entry: ChainEntry): FallbackRow {
  const { position, raw, resolution, problem } = entry;
  return {
    position,
    raw,
    key: resolution === undefined ? null : refText(resolution.ref),
    alias: resolution?.alias?.alias ?? null,
    pinnedProfile: resolution?.profile ?? null,
    reason: problem?.message ?? null,
    place: placeRow(entry.placeOf()),
  };
}

function human({ entries, role, agentId, from }: ModelsFallbacksReport, style: Style): string {
  const title = role === "fallback" ? "Fallbacks" : "Image fallbacks";
  const whose = from === "agent" ? `agent ${agentId}'s own` : "of all agents";
  if (entries.length === 0)
    return wrap(`${title}: none. When ${role === "fallback" ? "the default model" : "the image model"} cannot answer, nothing else will.`, style.width);
  return [`${style.bold(`${title} (${entries.length})`)} ${style.dim(whose)}`, ...entries.flatMap((entry) => lines(entry, style))].join("\n");
}

function lines({ position, raw, key, alias, pinnedProfile, reason, place }: FallbackRow, style: Style): string[] {
  const where = place === null ? "" : style.dim(`  ${style.path(placeText({ file: place.file, ...(place.line !== null && { line: place.line }) }))}`);
  const name = alias !== null && key !== null ? `${alias} → ${key}` : (key ?? raw);
  const pin = pinnedProfile === null ? "" : ` with ${pinnedProfile}`;
  return [`  ${position}. ${name}${pin}${where}`, ...(reason === null ? [] : [`     ${style.bad("✗")} ${wrap(reason, style.width - 7, "       ")}`])];
}
