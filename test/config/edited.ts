import { loadConfig } from "../../src/config/load.ts";
import type { ConfigEdit } from "../../src/config/config-edit.ts";
import { editConfig } from "../../src/config/edit.ts";
import type { EditOutcome } from "../../src/config/config-edit.ts";
import type { LoadedConfig } from "../../src/config/loaded-config.ts";
import { AppError } from "../../src/kernel/errors.ts";
import type { Host } from "../../src/kernel/host.ts";
import { type FakeHost, type FakeMachine, fakeHost } from "../support/fake-host.ts";
import { CONFIG, nemo } from "./nemo.ts";

interface View {
  readonly config: () => LoadedConfig;
}

export function edit(
  host: Host,
  edits: readonly ConfigEdit[] | ((view: View) => readonly ConfigEdit[]),
  options: { readonly dryRun?: boolean; readonly command?: string } = {},
): Promise<EditOutcome<View>> {
  const viewOf = (machine: Host): View => ({ config: () => loadConfig(machine, nemo) });
  const plan = typeof edits === "function" ? edits : () => edits;
  return editConfig({ host, names: nemo, viewOf }, plan, { command: options.command ?? "models set", dryRun: options.dryRun ?? false });
}

/** The config after the edits, and what the fake machine got written besides. */
export async function edited(text: string | undefined, edits: readonly ConfigEdit[], machine: FakeMachine = {}): Promise<string> {
  const host = machineWith(text, machine);
  await edit(host, edits);
  return textOf(host, CONFIG);
}

/** Keeps a backup of what it changes, as a real one does. */
export function machineWith(text: string | undefined, machine: FakeMachine = {}): FakeHost {
  const host = fakeHost({ ...machine, files: { ...(text === undefined ? {} : { [CONFIG]: text }), ...machine.files } });
  return {
    ...host,
    changeFiles: async (files, keeping, change) => {
      const before = new Map(files.map((file) => [file, host.readText(file, keeping.maxBytes)]));
      const written = await host.changeFiles(files, keeping, change);
      for (const file of written) {
        const old = before.get(file);
        if (old?.kind === "text") host.written.set(`${host.inspect(file)?.realPath ?? file}.bak`, old.text);
      }
      return written;
    },
  };
}

export function textOf(host: FakeHost, file: string): string {
  const read = host.readText(file, Number.POSITIVE_INFINITY);
  return read.kind === "text" ? read.text : `(${read.kind})`;
}

/** Configs only, without their backups and the note for `config undo`. */
export function writtenFiles(host: FakeHost): string[] {
  return [...host.written.keys()].filter((file) => !file.endsWith(".bak") && !file.endsWith("/signalbox/last-edit.json"));
}

export async function refusal(done: Promise<unknown>): Promise<AppError> {
  try {
    await done;
  } catch (thrown) {
    if (thrown instanceof AppError) return thrown;
    throw thrown;
  }
  throw new Error("it was not refused");
}
