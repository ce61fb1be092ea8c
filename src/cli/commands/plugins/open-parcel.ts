import type { Broker } from "../../../broker.ts";
import { isoTime } from "../../../kernel/duration.ts";
import { AppError } from "../../../kernel/errors.ts";
import { openPackage } from "../../../plugins/open-package.ts";
import { type Parcel, toParcel } from "../../../plugins/parcel.ts";
import { type VendorTable, vendorTable } from "../../../provider/vendor-table.ts";
import type { Talk } from "../../talk.ts";
import { NAME_COLUMNS } from "./detail-lines.ts";
import { parcelFacts, type ParcelRow } from "./parcel-row.ts";

/** Opens and checks what a person named. Nothing is written or run. */
export async function openParcel(broker: Broker, word: string): Promise<Parcel> {
  const { host, names } = broker;
  const opened = await openPackage(word, { host, names, homeDir: broker.homeDir() });
  const machine = await host.plugins();
  return toParcel(opened, { machine, names, vendors: builtInVendors(broker), plugins: broker.plugins().plugins, now: isoTime(host.nowMs()) });
}

function builtInVendors(broker: Broker): VendorTable {
  return vendorTable(
    broker
      .registry()
      .all.filter(({ origin }) => origin.kind === "built-in")
      .map(({ provider }) => provider),
  );
}

/** Shows what a parcel brings and asks. Throws INTERRUPTED when it is not agreed to, TERMINAL_NEEDED where nobody can be asked. */
export async function agree(row: ParcelRow, question: string, { talk, yes }: { readonly talk: Talk; readonly yes: boolean }): Promise<void> {
  if (yes) return;
  for (const [name, text] of parcelFacts(row)) talk.note(name === "" ? text : `${name.padEnd(NAME_COLUMNS)}${text}`);
  for (const warning of row.warnings) talk.warn(warning);
  if (await talk.confirm(question, { instead: "Look at it with --dry-run, then give --yes.", initial: "no" })) return;
  throw new AppError("INTERRUPTED", "it was not agreed to", { hint: "Nothing was changed." });
}
