/** What the gateway says of itself, as data: no word of a request or an answer, no header, no query. */
export type LogEvent =
  | {
      readonly kind: "request";
      readonly at: string;
      readonly requestId: string;
      /** The key's name; absent where nobody was let in. */
      readonly client?: string;
      readonly method: string;
      /** One of the gateway's own paths, or "other". */
      readonly path: string;
      readonly status: number;
      readonly outcome: "answered" | "cut" | "failed" | "cancelled" | "refused";
      readonly tookMs: number;
      readonly asked?: string;
      readonly servedBy?: string;
      readonly profile?: string;
      readonly streamed?: boolean;
      readonly firstContentMs?: number;
      readonly inputTokens?: number;
      readonly outputTokens?: number;
      /** Every attempt that failed: "groq/llama: rate_limit", "openai/o3: format (asked again without sampling.temperature)". */
      readonly attempts?: readonly string[];
      /** The vendor may have counted an answer that nobody got. */
      readonly maybeBilled?: true;
      readonly droppedEvents?: number;
      /** Why it failed or was refused. */
      readonly why?: string;
    }
  | { readonly kind: "notice" | "fault"; readonly at: string; readonly message: string };
