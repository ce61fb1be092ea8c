/**
 * What is remembered between calls, on this machine or on many: rows with an absolute end, leases, and events that are only ever added.
 * An embedded store keeps them in files below `$STATE/signalbox`; a database can keep the same rows. Losing some of it harms nobody.
 */
export interface StateStore {
  /** Rests by key, as they stand now; those that ended more than a day ago are left out. */
  rests(): Promise<ReadonlyMap<string, RestRow>>;
  /**
   * Read-modify-write of some keys at once; undefined takes a row out. Never throws for a disk that fails: then `lastFault` says so. `busy`: others
   * were changing it all the while, and nothing was changed.
   */
  changeRests(
    keys: readonly string[],
    change: (rows: ReadonlyMap<string, RestRow>) => ReadonlyMap<string, RestRow | undefined>,
  ): Promise<"changed" | "busy" | "failed">;
  /** Adds one event to the log of its day; it is kept within a quarter of a second, or at `flush`. */
  append(event: UsageEvent): Promise<void>;
  /** Keeps what was appended. For the end of a program. */
  flush(): Promise<void>;
  /** Events from `fromMs` up to `toMs`, oldest first. `missed` hears what of them could not be read. */
  events(fromMs: number, toMs: number, missed?: (what: MissedEvents) => void): AsyncIterable<UsageEvent>;
  readonly lastFault: string | undefined;
}

/** Who rests until when, and why. `key` is as `routing/rest-key.ts` writes it. */
export interface RestRow {
  readonly key: string;
  readonly untilMs: number;
  /** Failures in a row. */
  readonly failures: number;
  readonly reason: string;
  /** When the last failure was noted. */
  readonly sinceMs: number;
  /** How long the last rest was, milliseconds; 0: failures are counted, and nothing rests yet. */
  readonly lastRestMs: number;
  /** When it was last tried although it rested, because nothing else was left. */
  readonly probedMs?: number;
  /** Who tries it now that the rest is over, until when: nobody else does meanwhile. */
  readonly trial?: { readonly by: string; readonly untilMs: number };
  /** For rests that a new credential ends: a digest of the one that failed. */
  readonly credential?: string;
}

/** Events of a file that are not among those that were read. */
export interface MissedEvents {
  readonly file: string;
  /** `damaged`: so many lines are no events. `unreadable`: the whole file. `full`: the day had more requests than are kept. */
  readonly why: "damaged" | "unreadable" | "full";
  /** 0 where nobody can say how many. */
  readonly lines: number;
}

/** One request of a client: who, what, tokens, cost, latency, attempts. No word of what was said. */
export interface UsageEvent {
  readonly atMs: number;
  readonly requestId: string;
  /** The gateway key's name, or "library". */
  readonly client: string;
  readonly asked: string;
  /** "provider/model" that answered; undefined when nobody did. */
  readonly servedBy?: string;
  readonly profileId?: string;
  readonly outcome: "answered" | "cut" | "failed" | "cancelled";
  readonly reason?: string;
  /** Those that failed. */
  readonly attempts: readonly AttemptEvent[];
  readonly inputTokens?: number;
  readonly outputTokens?: number;
  readonly cacheReadTokens?: number;
  readonly cacheWriteTokens?: number;
  readonly costUsd?: number;
  readonly firstContentMs?: number;
  readonly tookMs: number;
  readonly streamed: boolean;
}

export interface AttemptEvent {
  readonly model: string;
  readonly profileId?: string;
  readonly reason: string;
  readonly tookMs: number;
  /** It was asked again at once without these, or with them in another way. */
  readonly without?: readonly string[];
  /** The vendor may have counted an answer that nobody got. */
  readonly maybeBilled?: true;
}
