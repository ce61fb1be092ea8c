import type { FailureDetail, FailureReason } from "../chat/failure.ts";
import type { Source } from "../provider/provider.ts";
import type { Evidence } from "./error-body.ts";

/** One line of the table: when all of this holds, the failure has this name. */
export interface FailureRule {
  /** Unique in its family; by it a failure says who named it. */
  readonly id: string;
  readonly when: {
    /** Any of these codes, in lower case. */
    readonly words?: readonly string[];
    /** Any of these HTTP statuses. `5xx` and the like stand for a hundred. */
    readonly status?: readonly (number | `${2 | 3 | 4 | 5}xx`)[];
    /** How the vendor's own sentence begins. */
    readonly message?: RegExp;
    /** The field of the request that is complained about. */
    readonly param?: readonly string[];
    readonly body?: Evidence["body"];
    readonly header?: { readonly name: string; readonly value?: string };
  };
  readonly reason: FailureReason;
  readonly detail?: FailureDetail;
}

/**
 * What is known of one vendor, or of all who speak one format. The stages are asked one after the other, each over all families that apply:
 * codes, statuses that leave no doubt, sentences, and what is left. A code or a status may be narrowed by a sentence.
 */
export interface RuleFamily {
  readonly name: string;
  readonly source: Source;
  readonly codes?: readonly FailureRule[];
  readonly statuses?: readonly FailureRule[];
  readonly sentences?: readonly FailureRule[];
  readonly rest?: readonly FailureRule[];
}

export function applies({ when }: FailureRule, evidence: Evidence): boolean {
  if (when.words !== undefined && !when.words.some((word) => evidence.words.has(word))) return false;
  if (when.status !== undefined && !when.status.some((status) => isStatus(status, evidence.status))) return false;
  if (when.message !== undefined && !when.message.test(evidence.message)) return false;
  if (when.param !== undefined && !when.param.includes(evidence.param ?? "")) return false;
  if (when.body !== undefined && when.body !== evidence.body) return false;
  if (when.header === undefined) return true;
  const value = evidence.facts.headers[when.header.name];
  return when.header.value === undefined ? value !== undefined : value === when.header.value;
}

function isStatus(wanted: number | string, status: number | undefined): boolean {
  if (status === undefined) return false;
  return typeof wanted === "number" ? wanted === status : wanted === `${Math.floor(status / 100)}xx`;
}
