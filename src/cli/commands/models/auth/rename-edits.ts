import type { ConfigView } from "../../../../broker.ts";
import type { ConfigEdit, JsonValue } from "../../../../config/edit.ts";
import { keyPathText } from "../../../../config/key-path.ts";
import type { KeyPath, LoadedConfig } from "../../../../config/loaded-config.ts";
import type { ProfileId } from "../../../../kernel/ids.ts";
import { pinnedTexts, pinnedTo } from "./pinned-refs.ts";

/** Everything in the config that calls an account by its id. */
export interface NamedInConfig {
  readonly edits: readonly ConfigEdit[];
  /** The key paths that are changed, as they are before. */
  readonly changed: readonly string[];
  /** Those that name it by way of a variable or hold one: they are left to the person. */
  readonly byHand: readonly string[];
}

/** Whether another agent's store has an account of the same id: then the config's words are about that one too. */
export type IdOwners = "own" | "shared";

/**
 * `auth.profiles`, `auth.order`, `signalbox.licences` and pinned model references, with the new id in place of the old. Of an id that is shared,
 * the first and the third get the new one beside it, and the others stay.
 */
export function renameEdits({ config, registry }: ConfigView, { from, to, whose }: { from: ProfileId; to: ProfileId; whose: IdOwners }): NamedInConfig {
  const loaded = config();
  const { auth, signalbox, agents } = loaded.value;
  if (whose === "shared") {
    const beside = [...movedKey(["auth", "profiles"], auth?.profiles, from, to), ...movedKey(["signalbox", "licences"], signalbox?.licences, from, to)];
    return named(
      beside.map(({ path, edits }) => ({ path, edits: edits.filter(({ kind }) => kind === "set") })),
      loaded,
    );
  }
  const steps: Step[] = [
    ...movedKey(["auth", "profiles"], auth?.profiles, from, to),
    ...movedKey(["signalbox", "licences"], signalbox?.licences, from, to),
    ...orderPlaces(auth?.order, from).map((path) => ({ path, edits: [{ kind: "set", path, value: to } as const] })),
    ...pinnedTexts(loaded, registry(), from).flatMap(({ path, text, isKey }): Step[] =>
      isKey
        ? movedKey(path.slice(0, -1), agents?.defaults?.models, text, pinnedTo(text, from, to))
        : [{ path, edits: [{ kind: "set", path, value: pinnedTo(text, from, to) }] }],
    ),
  ];
  return named(steps, loaded);
}

/** The same places, with the account taken out. Pinned references stay: which account they should ask instead, nobody knows. */
export function forgetEdits({ config }: ConfigView, ids: readonly ProfileId[]): NamedInConfig {
  const loaded = config();
  const { auth, signalbox } = loaded.value;
  const removed = (owner: KeyPath, map: unknown): Step[] =>
    ids.filter((id) => isMember(map, id)).map((id) => ({ path: [...owner, id], edits: [{ kind: "remove", path: [...owner, id] }] }));
  const steps = [...removed(["auth", "profiles"], auth?.profiles), ...removed(["signalbox", "licences"], signalbox?.licences)];
  return named([...steps, ...shorterOrders(auth?.order, ids)], loaded);
}

interface Step {
  readonly path: KeyPath;
  readonly edits: readonly ConfigEdit[];
}

type Orders = Readonly<Record<string, readonly string[]>> | undefined;

function named(steps: readonly Step[], config: LoadedConfig): NamedInConfig {
  const isFromVariable = ({ path }: Step): boolean =>
    [...config.replaced, ...config.unset].some(({ path: used }) => path.every((key, index) => used[index] === key) && used.length >= path.length);
  const ours = steps.filter((step) => !isFromVariable(step));
  return {
    edits: ours.flatMap(({ edits }) => edits),
    changed: ours.map(({ path }) => keyPathText(path)),
    byHand: steps.filter(isFromVariable).map(({ path }) => keyPathText(path)),
  };
}

function movedKey(owner: KeyPath, map: Readonly<Record<string, unknown>> | undefined, from: string, to: string): Step[] {
  if (!isMember(map, from)) return [];
  const path = [...owner, from];
  return [
    {
      path,
      edits: [
        { kind: "set", path: [...owner, to], value: map?.[from] as JsonValue },
        { kind: "remove", path },
      ],
    },
  ];
}

function orderPlaces(orders: Orders, id: ProfileId): KeyPath[] {
  return Object.entries(orders ?? {}).flatMap(([provider, ids]) =>
    ids.flatMap((text, index) => (text.trim() === id ? [["auth", "order", provider, index]] : [])),
  );
}

/** An order that would be empty goes as a whole: an empty one would leave nobody to ask. Later items first, so that the places stay right. */
function shorterOrders(orders: Orders, ids: readonly ProfileId[]): Step[] {
  const isGone = (text: string): boolean => ids.some((id) => text.trim() === id);
  return Object.entries(orders ?? {}).flatMap(([provider, listed]): Step[] => {
    const owner = ["auth", "order", provider];
    const gone = listed.flatMap((text, index) => (isGone(text) ? [index] : [])).toReversed();
    if (gone.length === 0) return [];
    if (gone.length === listed.length) return [{ path: owner, edits: [{ kind: "remove", path: owner }] }];
    return gone.map((index) => ({ path: [...owner, index], edits: [{ kind: "remove", path: [...owner, index] } as const] }));
  });
}

function isMember(map: unknown, key: string): boolean {
  return typeof map === "object" && map !== null && Object.hasOwn(map, key);
}
