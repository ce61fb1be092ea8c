import type { Socket } from "node:net";

export interface ChaosAsked {
  readonly behaviour: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: string;
  readonly method: string;
  /** How many signs of life were written in place of an answer. */
  readonly blanks?: number;
}

export interface Chaos {
  readonly url: string;
  readonly asked: ChaosAsked[];
  readonly sockets: ReadonlySet<Socket>;
  /** Those with a request that is not answered yet. */
  readonly busy: ReadonlySet<Socket>;
  count(behaviour: string): number;
  close(): Promise<void>;
}

export function startChaos(options?: { readonly onRequest?: (asked: ChaosAsked) => void }): Promise<Chaos>;

export type ChaosDialect = "chat" | "anthropic" | "responses";
export function events(dialect: ChaosDialect, words?: readonly string[]): { readonly preamble: string[]; readonly content: string[]; readonly finish: string[]; readonly last: string[] };
export function whole(path: string, text?: string): unknown;
export function bomb(): Uint8Array;
export const BEHAVIOURS: Readonly<Record<string, unknown>>;
