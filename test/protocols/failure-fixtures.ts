import { readdirSync, readFileSync } from "node:fs";
import type { FailureDetail, FailureReason, UpstreamFailure } from "../../src/chat/failure.ts";
import type { AnswerFacts } from "../../src/protocols/error-body.ts";
import type { ProtocolId } from "../../src/provider/protocol-id.ts";
import type { Source } from "../../src/provider/provider.ts";

/** One answer as a vendor gives it, and what it has to be called. */
export interface FailureFixture {
  readonly name: string;
  readonly protocol: ProtocolId;
  readonly provider: string;
  readonly facts: AnswerFacts;
  readonly expected: Named;
  readonly source: Source;
}

/** What routing and people go by. */
export interface Named {
  readonly reason: FailureReason;
  readonly detail?: FailureDetail;
  readonly retryAfterMs?: number;
}

interface FixtureFile {
  readonly protocol: ProtocolId;
  readonly provider: string;
  readonly source: Source;
  readonly cases: readonly {
    readonly title: string;
    readonly protocol?: ProtocolId;
    readonly provider?: string;
    readonly status?: number;
    readonly headers?: Readonly<Record<string, string>>;
    readonly body: unknown;
    readonly expect: Named;
    readonly source?: Source;
  }[];
}

const folder = new URL("../fixtures/failures/", import.meta.url);

export const failureFixtures: readonly FailureFixture[] = readdirSync(folder).flatMap((file) => {
  const family = JSON.parse(readFileSync(new URL(file, folder), "utf8")) as FixtureFile;
  return family.cases.map((one) => ({
    name: `${file.replace(".json", "")}: ${one.title}`,
    protocol: one.protocol ?? family.protocol,
    provider: one.provider ?? family.provider,
    facts: {
      ...(one.status === undefined ? {} : { status: one.status }),
      headers: one.headers ?? {},
      body: typeof one.body === "string" ? one.body : JSON.stringify(one.body),
    },
    expected: one.expect,
    source: one.source ?? family.source,
  }));
});

export function named({ reason, detail, retryAfterMs }: UpstreamFailure): Named {
  return { reason, ...(detail === undefined ? {} : { detail }), ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
}
