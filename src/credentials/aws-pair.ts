import type { ProviderId } from "../kernel/ids.ts";
import { parseJson, textAt } from "../kernel/json-value.ts";
import { Secret } from "../kernel/secret.ts";
import type { AuthProfile } from "./profile.ts";

/** The keys of an IAM user or role, in the members that AWS gives them. AWS's programs sign with them; nobody sends them. */
interface AwsPair {
  readonly AccessKeyId: string;
  readonly SecretAccessKey: string;
  readonly SessionToken?: string;
  readonly Expiration?: string;
}

/** A text of JSON as a pair of AWS keys; undefined of any other text. */
export function awsPair(text: string): AwsPair | undefined {
  const fields = text.trimStart().startsWith("{") ? parseJson(text) : undefined;
  const [AccessKeyId, SecretAccessKey] = [textAt(fields, "AccessKeyId"), textAt(fields, "SecretAccessKey")];
  if (AccessKeyId === undefined || SecretAccessKey === undefined) return undefined;
  const [SessionToken, Expiration] = [textAt(fields, "SessionToken"), textAt(fields, "Expiration")];
  return { AccessKeyId, SecretAccessKey, ...(SessionToken !== undefined && { SessionToken }), ...(Expiration !== undefined && { Expiration }) };
}

/** Amazon Bedrock's, on one line without blanks, as it is kept; undefined of any other secret. Requests from here take a Bedrock API key. */
export function keyPair(provider: ProviderId, secret: Secret): Secret | undefined {
  const pair = provider === "amazon-bedrock" ? awsPair(secret.reveal()) : undefined;
  return pair === undefined ? undefined : new Secret(JSON.stringify(pair));
}

/** An account that holds such a pair: it is handed out to AWS's programs, and sent to nobody. */
export function isKeyPair({ provider, credential }: Pick<AuthProfile, "provider" | "credential">): boolean {
  return credential.kind === "token" && keyPair(provider, credential.token) !== undefined;
}
