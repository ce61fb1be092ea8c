import { isoTime } from "../kernel/duration.ts";
import { readJson } from "../kernel/json-text.ts";
import { AppError, assertNever } from "../kernel/errors.ts";
import { awsPair } from "../credentials/aws-pair.ts";

export const TOKEN_FORMATS = ["raw", "header", "env", "exec-json", "aws-process"] as const;
export type TokenFormat = (typeof TOKEN_FORMATS)[number];

/** What was found for one account. */
export interface HandedToken {
  readonly profileId: string;
  readonly token: string;
  readonly header: readonly [name: string, value: string];
  /** The variable in which programs look for it; undefined where nobody documents one. */
  readonly variable: string | undefined;
  readonly expiresAtMs: number | undefined;
}

/** One line, without the line break at its end. Throws USAGE where a format means nothing. */
export function tokenLine(handed: HandedToken, format: TokenFormat, kubernetesInfo: string | undefined): string {
  switch (format) {
    case "raw":
      return handed.token;
    case "header":
      return `${HEADER_NAMES[handed.header[0]] ?? handed.header[0]}: ${handed.header[1]}`;
    case "env":
      return `${variableOf(handed)}=${shellWord(handed.token)}`;
    case "exec-json":
      return execCredential(handed, kubernetesInfo);
    case "aws-process":
      return awsProcess(handed);
    default:
      return assertNever(format);
  }
}

const HEADER_NAMES: Readonly<Record<string, string>> = { authorization: "Authorization" };

function variableOf({ profileId, variable }: HandedToken): string {
  if (variable !== undefined) return variable;
  throw new AppError("USAGE", `no variable is known for ${profileId}`, { hint: "Name one: --env-name MY_TOKEN" });
}

/** As a POSIX shell reads it back. */
function shellWord(text: string): string {
  return /^[\w.:@%+=,/-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

const EXEC_VERSIONS: readonly unknown[] = ["client.authentication.k8s.io/v1", "client.authentication.k8s.io/v1beta1"];

/** https://kubernetes.io/docs/reference/config-api/client-authentication.v1/, checked 2026-11-21. The version is the one that the caller asks for. */
function execCredential({ token, expiresAtMs }: HandedToken, info: string | undefined): string {
  const asked = info === undefined ? undefined : readJson(info, "KUBERNETES_EXEC_INFO");
  const wanted =
    asked?.kind === "value" && typeof asked.value === "object" && asked.value !== null && "apiVersion" in asked.value ? asked.value.apiVersion : "";
  const apiVersion = EXEC_VERSIONS.includes(wanted) ? wanted : EXEC_VERSIONS[0];
  const status = { token, ...(expiresAtMs !== undefined && { expirationTimestamp: stamp(expiresAtMs) }) };
  return JSON.stringify({ apiVersion, kind: "ExecCredential", status });
}

/** https://docs.aws.amazon.com/cli/v1/userguide/cli-configure-sourcing-external.html, checked 2026-11-21. */
function awsProcess({ profileId, token, expiresAtMs }: HandedToken): string {
  const pair = awsPair(token);
  if (pair === undefined)
    throw new AppError("USAGE", `${profileId} is one token, and AWS signs with a pair of keys: aws-process means nothing for it`, {
      hint: "Take --format raw. Bedrock takes such a token from AWS_BEARER_TOKEN_BEDROCK; keys that the AWS command line holds it hands out itself.",
    });
  const Expiration = pair.Expiration ?? (expiresAtMs === undefined ? undefined : stamp(expiresAtMs));
  return JSON.stringify({ Version: 1, ...pair, ...(Expiration !== undefined && { Expiration }) });
}

/** RFC 3339, whole seconds: some readers know no others. */
function stamp(atMs: number): string {
  return isoTime(atMs).replace(/\.\d+Z$/, "Z");
}
