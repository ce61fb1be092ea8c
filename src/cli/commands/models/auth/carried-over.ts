import type { StoreEdited } from "../../../../credentials/store-edit.ts";
import { hang } from "../../../hanging-text.ts";
import type { Style } from "../../../style.ts";

/** A file of an earlier version, and the accounts that moved from it into the store. */
export interface CarriedRow {
  file: string;
  profileIds: string[];
}

export function carriedRows({ carriedOver }: Pick<StoreEdited<unknown>, "carriedOver">, gone: readonly string[] = []): CarriedRow[] {
  return carriedOver.map(({ file, ids }) => ({ file, profileIds: ids.filter((id) => !gone.includes(id)) })).filter(({ profileIds }) => profileIds.length > 0);
}

export function carriedLines(rows: readonly CarriedRow[], style: Style): string[] {
  return rows.map(({ file, profileIds }) =>
    hang(`${style.warn("!")} `, `${profileIds.join(", ")} moved into the store from ${style.path(file)}, which is not read from now on.`, style.width),
  );
}
