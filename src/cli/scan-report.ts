import type { Preference } from "../probe/scan-ranking.ts";
import type { ScanRow } from "../probe/scan-row.ts";
import type { FileDiff } from "./edit-report.ts";

/** What a scan has found, and what was done about it. The keys down to `warnings` are old. */
export interface ScanReport {
  /** References of the fallbacks that were chosen, the first one first; without consent those that `--yes` would take. */
  selected: string[];
  /** The same for images. */
  selectedImages: string[];
  setDefault: boolean;
  setImage: boolean;
  /** Best first. */
  results: ScanRow[];
  warnings: string[];
  schemaVersion: 1;
  /** `not written`: nobody agreed to a change, or there was nothing to choose from. */
  outcome: "written" | "unchanged" | "dry run" | "not written";
  /** Who agreed to the change. */
  consent: "person" | "flag" | "none";
  configPath: string;
  /** Those that are, or with `--dry-run` would be, different. */
  files: FileDiff[];
  /** One for each list that was, or would be, changed. */
  lists: ScanList[];
  prefer: Preference;
  /** Trials of each test. */
  repeat: number;
  /** Requests that were sent to models. */
  requests: number;
  /** The most that they can have cost, in US dollars; null where one of the prices is not known. */
  mostUsd: number | null;
  durationMs: number;
  sources: ScanSource[];
}

export interface ScanList {
  role: "fallback" | "image-fallback";
  /** As it is now, in order. */
  fallbacks: string[];
  removed: string[];
  /** The default, or image, model, where it was to be changed. */
  primary: string | null;
  /** What that was before, as it was written. */
  previous: string | null;
  /** null: of all agents. */
  agentId: string | null;
  startedOwn: boolean;
}

export interface ScanSource {
  label: string;
  outcome: "listed" | "failed";
  /** For `failed`: the end of a sentence that begins with the label. */
  detail: string | null;
  /** That it lists, of whatever kind. */
  models: number;
}

/** What lists say, where nothing was tested: a bare list, as it always was. */
export type ListedReport = ScanRow[];
