import { placeText } from "../kernel/place.ts";
import { shortDuration } from "../kernel/duration.ts";
import type { PassedOverTrace, ProfileTrace } from "../status/account-trace.ts";
import type { PlaceRow } from "../status/place-row.ts";
import type { MappedName } from "../status/route-trace.ts";
import type { ModelTrace } from "../status/trace.ts";
import { readinessText, roleName } from "./chain-lines.ts";
import { hang } from "./hanging-text.ts";
import type { Style } from "./style.ts";
import { table } from "./table.ts";
import { cutId, padEnd, textWidth } from "./text-width.ts";
import { percentText, whenText } from "./usage-words.ts";

const LABEL = 10;

/** What the config says that a name means. */
export function mappedLines({ name, pattern, means, place }: MappedName, style: Style): string[] {
  const by = pattern === name ? "" : ` (as ${pattern})`;
  return [line(`  ${style.bold("name")}`, `${style.accent(name)} → ${means}${by}`, place, style, 2)];
}

/** The way of one word to the accounts that would be asked: a line a step, with the place that says so at its end. */
export function traceLines(model: ModelTrace, mark: "first" | "other", style: Style): string[] {
  const { alias, problem, ref, keptOut } = model;
  const head = line(`${mark === "first" ? style.good("✓ ") : "  "}${style.bold(traceName(model))}`, style.accent(model.raw), model.place, style, 2);
  const lines = [head];
  if (alias !== null) lines.push(step("alias", `${alias.alias} → ${alias.target}${alias.builtIn ? " (built in)" : ""}`, alias.place, style));
  if (problem !== null) lines.push(...sentence(style.bad("✗"), `${problem.message}. ${problem.hint.replaceAll("{cli}", style.cli)}`, style));
  if (ref !== null) lines.push(step("model", `${ref}${viaText(model)}`, null, style), step("", catalogueText(model), null, style));
  if (keptOut !== null) lines.push(step("", `${style.warn("!")} kept out by ${keptOut.keyPath}`, keptOut.place, style));
  if (isNews(model)) lines.push(step("", `${style.warn("!")} not asked: ${model.leftOut?.why}`, null, style));
  if (model.route !== null) lines.push(...routeLines(model.route, style));
  return [...lines, ...accountLines(model, style)];
}

/** Of the others the problem, the list or the login says it. */
function isNews({ leftOut, problem, keptOut, readiness }: ModelTrace): boolean {
  return leftOut !== null && problem === null && keptOut === null && readiness !== "delegated";
}

function traceName({ role, position }: ModelTrace): string {
  return role === "asked" ? "asked for" : roleName({ role, position });
}

/** One line a model: for those that come after the one that was asked for. */
export function laterLines(models: readonly ModelTrace[], style: Style): string[] {
  const rows = models.map((model) => [traceName(model), model.ref ?? model.raw, readinessText({ readiness: model.readiness, until: untilOf(model) }, style)]);
  return [table(rows, { style, flexible: 1, indent: "  " })];
}

function untilOf({ leftOut, passedOver }: ModelTrace): number | null {
  return leftOut?.until ?? passedOver.find(({ until }) => until !== null)?.until ?? null;
}

function viaText({ via, pinnedProfile }: ModelTrace): string {
  const how = via === null ? "" : VIA[via];
  return pinnedProfile === null ? how : `${how}, with ${pinnedProfile} only`;
}

const VIA: Readonly<Record<NonNullable<ModelTrace["via"]>, string>> = {
  reference: "",
  alias: "",
  "default-provider": " (no slash and no alias: a model of the default provider)",
  "chain-provider": " (no slash and no alias: of the first provider of the chain that has it)",
};

function catalogueText({ catalogue }: ModelTrace): string {
  if (catalogue === null) return "in no list that we have";
  const known =
    catalogue.knows === "ids"
      ? "only the id is known"
      : catalogue.contextTokens === null
        ? "context unknown"
        : `${contextText(catalogue.contextTokens)} context`;
  const origin = {
    config: "your config",
    "models.json": "models.json",
    plugin: "a plugin",
    refreshed: "the refreshed catalogue",
    embedded: "the built-in catalogue",
  }[catalogue.origin];
  return `${known}, from ${origin}${catalogue.deprecated ? "; deprecated" : ""}`;
}

function contextText(tokens: number): string {
  if (tokens >= 1_000_000) return `${Math.round(tokens / 100_000) / 10}M`;
  return tokens < 1000 ? String(tokens) : `${Math.round(tokens / 1000)}k`;
}

function routeLines({ label, protocol, baseUrl, from, plugin, place }: NonNullable<ModelTrace["route"]>, style: Style): string[] {
  const who = { "built-in": "built in", config: "your config", "models.json": "models.json", plugin: `plugin ${plugin ?? ""}` }[from];
  return [
    step("route", `${label}, ${protocol}`, null, style),
    step("", `${baseUrl ?? "address depends on the account"} ${style.dim(`(${who})`)}`, place, style),
  ];
}

function accountLines({ order, profiles, passedOver, standing, readiness }: ModelTrace, style: Style): string[] {
  const lines: string[] = [];
  if (order !== null) lines.push(step("accounts", orderText(order), order.place, style));
  profiles.forEach((profile, index) => lines.push(...profileLines(profile, index + 1, style)));
  for (const passed of passedOver) lines.push(passedLine(passed, style));
  if (standing !== null) lines.push(...sentence(standing.found ? style.good("✓") : style.warn("!"), standing.detail, style, order === null ? "accounts" : ""));
  else if (readiness === "missing" && order === null) lines.push(step("accounts", `${style.bad("✗")} none`, null, style));
  return lines;
}

function orderText({ decidedBy, byUse }: NonNullable<ModelTrace["order"]>): string {
  if (byUse === true) return "logins, tokens, keys; first what would else go unused";
  return {
    "store-order": "in the order of the auth store",
    "config-order": "in the order of the config",
    "config-profiles": "those in auth.profiles, the longest unused first",
    "stored-profiles": "logins, tokens, keys; the longest unused first",
  }[decidedBy];
}

function profileLines({ profileId, fingerprint, place, health, note, use }: ProfileTrace, position: number, style: Style): string[] {
  const state = health === "expiring" ? style.warn(" ! ends soon") : "";
  const first = step("", `${position}. ${profileId}  ${style.dim(fingerprint)}${state}`, place, style);
  const more = [...(use === undefined ? [] : [useText(use, style)]), ...(note === null ? [] : [note])];
  return [first, ...more.flatMap((text) => sentence(style.dim("·"), text, style).map((one) => style.dim(one)))];
}

/** "64% left of a 7d window that ends in 1d 3h". */
function useText({ windows, reserved }: NonNullable<ProfileTrace["use"]>, { nowMs }: Style): string {
  const said = windows.map(({ leftPercent, resetsAt, windowMs }) => {
    const length = windowMs === null ? "" : `${shortDuration(windowMs)} `;
    return `${percentText(leftPercent)} left of a ${length}window that ends ${whenText(resetsAt, nowMs)}`;
  });
  return `${said.join("; ")}${reserved ? ": at its reserve, so it comes last" : ""}`;
}

function passedLine({ profileId, detail, place }: PassedOverTrace, style: Style): string {
  const text = `${profileId} ${style.dim(detail)}`;
  if (place === null) return sentence(`${style.dim("-")} `, text, style).join("\n");
  return step("", `${style.dim("-")}  ${text}`, place, style);
}

function sentence(sign: string, text: string, style: Style, label = ""): string[] {
  return hang(`    ${style.dim(label.padEnd(LABEL))}${sign} `, text, style.width).split("\n");
}

function step(label: string, text: string, place: PlaceRow | null, style: Style): string {
  return line(`    ${style.dim(label.padEnd(LABEL))}`, text, place, style, 0);
}

/** The place stands at the right edge, or on the next line where the two do not fit beside each other. */
function line(label: string, text: string, place: PlaceRow | null, style: Style, gap: number): string {
  const left = `${label}${" ".repeat(gap)}${text}`;
  if (place === null) return hang(`${label}${" ".repeat(gap)}`, text, style.width);
  const shown = placeText({
    file: style.path(place.file),
    ...(place.line !== null && { line: place.line }),
    ...(place.column !== null && { column: place.column }),
  });
  if (textWidth(left) + 2 + textWidth(shown) <= style.width) return `${padEnd(left, style.width - textWidth(shown))}${style.dim(shown)}`;
  return `${hang(`${label}${" ".repeat(gap)}`, text, style.width)}\n${" ".repeat(LABEL + 7)}${style.dim(cutId(shown, style.width - LABEL - 7, style))}`;
}
