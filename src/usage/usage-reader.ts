import type { Credential } from "../credentials/profile.ts";
import type { Quirks, Source } from "../provider/provider.ts";

/** Names of fields with dots between them. One that begins with "/" starts at the whole answer, wherever the others start. */
export type Path = string;

/** A value that stands for another one: what stands at `at` is looked up in `of`. */
export interface Meant<T> {
  readonly at: Path;
  readonly of: Readonly<Record<string, T>>;
}

/** How long a window is: a count and what is counted, or its beginning and its end in milliseconds. */
export type LengthReading = { readonly count: Path; readonly unitMs: number | Meant<number> } | { readonly from: Path; readonly to: Path };

export interface Condition {
  readonly at: Path;
  readonly is: string | number | boolean;
}

/** Windows reset at midnight UTC; weeks begin on Monday. */
export type Calendar = "day" | "week" | "month";

/** Where the numbers of a window stand. Of `used`, `limit` and `remaining` two are enough where no share is stated. */
export interface WindowReading {
  /** The object from which the other paths start. */
  readonly in?: Path;
  /** A list there, each of whose items is a window. */
  readonly each?: Path;
  /** It is a window only where this is true. */
  readonly only?: Condition;
  /** It is none where this is true. */
  readonly unless?: Condition;
  /** Its name is this, then its length, then the vendor's own name for it: whatever of them there is. */
  readonly label?: string | Meant<string>;
  readonly length?: LengthReading;
  readonly labelAt?: Path;
  readonly usedPercent?: Path;
  readonly remainingPercent?: Path;
  readonly used?: Path;
  readonly limit?: Path;
  readonly remaining?: Path;
  readonly unit?: string;
  readonly unitAt?: Path;
  /** ISO 8601, or seconds or milliseconds since 1970. */
  readonly resetsAt?: Path;
  readonly resets?: Calendar | Meant<Calendar>;
}

export interface AmountReading {
  /** A list each of whose items holds one. */
  readonly each?: Path;
  readonly amount: Path;
  /** How many of the vendor's units make one of the currency. */
  readonly perUnit?: number;
  readonly currency: string | { readonly at: Path };
}

/** How one vendor is asked for what is left, and how its answer is read. */
export interface UsageReader {
  /** As the registry names it. */
  readonly providers: readonly string[];
  /** A provider of any name whose address has this host is the vendor as well. */
  readonly host?: string;
  /** Below the account's base URL, or at its origin. `elsewhere`: for the vendor's own base URL it is another host's. */
  readonly address: { readonly below: "baseUrl" | "origin"; readonly path: string; readonly elsewhere?: string };
  readonly method?: "GET" | "POST";
  readonly headers?: Readonly<Record<string, string>>;
  readonly authHeader?: NonNullable<Quirks["authHeader"]>;
  /** Credentials that can ask it; all unless told. */
  readonly kinds?: readonly Credential["kind"][];
  /** Documented by the vendor for those who hold such a credential. */
  readonly isOfficial: boolean;
  readonly source: Source;
  /** What a good answer says there; else it is an error in a 200. */
  readonly good?: Condition;
  readonly plan?: Path | Meant<string>;
  readonly blocked?: Condition;
  readonly windows?: readonly WindowReading[];
  readonly balances?: readonly AmountReading[];
  readonly spent?: readonly (AmountReading & { readonly period: "day" | "week" | "month" | "all" })[];
}
