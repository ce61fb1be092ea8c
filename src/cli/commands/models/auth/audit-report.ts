import type { FoundIn } from "../../../../credentials/audit.ts";
import type { CopyRow } from "./left-copies.ts";

/** Where secrets lie in clear text outside the stores. */
export interface AuditReport {
  schemaVersion: 1;
  agentId: string;
  found: ClearTextRow[];
  /** Stores that other users of this machine can read. */
  openStores: { file: string; message: string; todo: string }[];
  filesRead: number;
  /** By `--move`; the rows above are as they are afterwards. */
  moved: MovedRow | null;
}

export interface ClearTextRow {
  /** For `--move`: its place in this list, from 1. */
  number: number;
  kind: FoundIn;
  file: string;
  line: number | null;
  /** On how many lines of a history or a backup it stands; `line` is the first. */
  lines: number;
  /** The variable, or the path of keys. */
  called: string | null;
  provider: string | null;
  type: "api_key" | "token" | "oauth";
  fingerprint: string;
  /** The stored account that holds the same secret. */
  storedAs: string | null;
  /** The program whose file it is. */
  tool: string | null;
  /** `out`: `--move` takes it out of the config. `copy`: it is stored, and the line is left to the person. */
  move: "out" | "copy" | null;
  todo: string;
}

export interface MovedRow {
  file: string;
  line: number | null;
  called: string | null;
  profileId: string;
  fingerprint: string;
  storePath: string;
  /** It was stored before; it was only taken out. */
  wasStored: boolean;
  configFiles: string[];
  /** The config does not hold it any more; otherwise it stands where it stood. */
  takenOut: boolean;
  /** What else still holds it. */
  copies: CopyRow[];
  /** The state folder holds more, or larger files, than was searched. */
  copiesCut: boolean;
}
