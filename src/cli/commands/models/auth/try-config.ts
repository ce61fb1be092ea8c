import type { Broker, ConfigView } from "../../../../broker.ts";
import type { ConfigEdit } from "../../../../config/edit.ts";
import { expected } from "../../../../kernel/errors.ts";

/** What became of the config after the store was changed: what is in the store stays, whatever happens here. */
export interface ConfigAttempt {
  files: string[];
  /** Why it was not changed though it should have been. */
  problem: { message: string; hint: string } | null;
}

export async function tryConfig(broker: Broker, plan: (view: ConfigView) => readonly ConfigEdit[], command: string): Promise<ConfigAttempt> {
  if (plan(broker).length === 0) return { files: [], problem: null };
  try {
    const { files } = await broker.editConfig(plan, { command, dryRun: false });
    return { files: files.map(({ file }) => file), problem: null };
  } catch (thrown) {
    const { message, hint } = expected(thrown);
    return { files: [], problem: { message, hint } };
  }
}
