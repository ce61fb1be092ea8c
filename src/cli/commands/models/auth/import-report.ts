import type { ProblemRow } from "../../../../status/problem-row.ts";
import type { CarriedRow } from "./carried-over.ts";

/** What was found on this machine, and what became of it. */
export interface ImportReport {
  schemaVersion: 1;
  /** `declined`: the person took none. */
  outcome: "imported" | "nothing new" | "dry run" | "declined";
  agentId: string;
  storePath: string;
  found: FoundRow[];
  /** Files of the config that were changed, because they list the provider's accounts. */
  configFiles: string[];
  /** Why they were not, though they should have been. */
  configProblem: { message: string; hint: string } | null;
  /** Accounts that were carried over from files of earlier versions, which nobody reads from now on. */
  carriedOver: CarriedRow[];
  /** Older stores that could not be read. */
  problems: ProblemRow[];
}

export interface FoundRow {
  /** For `--from`. */
  source: string;
  label: string;
  /** null for the environment of the process. */
  file: string | null;
  line: number | null;
  /** The variable, the path of keys, or the id that it has there. */
  called: string | null;
  /** null where no provider is known by that name. */
  provider: string | null;
  /** What the source calls it. */
  providerName: string;
  type: "api_key" | "token" | "oauth";
  fingerprint: string;
  /** Milliseconds since 1970. */
  expiresAt: number | null;
  /** `new`: can be stored. `stored`: is already. `repeated`: the same as another new one. `refused`: never copied. */
  verdict: "new" | "stored" | "repeated" | "refused";
  /** Under which id it is stored, or would be. */
  profileId: string | null;
  /** The id that it would have had, which holds another secret. */
  takenId: string | null;
  reason: string | null;
  /** By this run. */
  imported: boolean;
}
