import { environmentFor } from "../../../../credentials/secret-program.ts";
import { keyringOffered } from "../../../../credentials/keyring.ts";
import { OWN_SERVICE, parseReference, referenceText } from "../../../../credentials/reference.ts";
import type { ProfileId } from "../../../../kernel/ids.ts";
import { asAppError } from "../../../../kernel/errors.ts";
import { type Asking, askKey } from "../../../ask-credential.ts";
import { type KeySource, keySource } from "../../../secret-source.ts";
import type { Choice } from "../../../talk.ts";

/** What people are told when they are asked for a key: where they usually have it, and the page where one is made. */
export interface KeyAdvice {
  readonly id: ProfileId;
  readonly variable?: string | undefined;
  readonly page?: string | undefined;
}

const INSTEAD = "Run `{cli} models auth paste-api-key --from <reference>`.";

type Place = "store" | "keyring" | "env" | "file" | "exec";

/** Asks where the key is to rest, and for the key or its place, until one of the two is there. */
export async function pickedSource(asking: Asking, advice: KeyAdvice): Promise<KeySource> {
  const { talk } = asking;
  for (;;) {
    const place = await talk.choose("Where should the key rest?", placesOn(asking), { instead: INSTEAD });
    if (place === "store" || place === "keyring") {
      if (advice.page !== undefined) talk.note(`Keys are made at ${advice.page}`);
      if (place === "store") return { key: await askKey(asking, "ask") };
    }
    const from =
      place === "keyring"
        ? referenceText({ kind: "keyring", service: OWN_SERVICE, account: advice.id })
        : `${place}:${await askedPlace(asking, place, advice)}`;
    try {
      return await keySource(asking, { from, anyShape: "ask", lookUp: "now" });
    } catch (thrown) {
      const { code, message, hint } = asAppError(thrown);
      if (code !== "REFERENCE_UNRESOLVED" && code !== "CREDENTIAL_SHAPE" && code !== "KEYRING_FAILED") throw thrown;
      talk.warn(`${message.charAt(0).toUpperCase()}${message.slice(1)}. ${hint}`);
    }
  }
}

/** The keychain only where it answers. */
function placesOn({ broker }: Asking): Choice<Place>[] {
  const keychain = keyringOffered({
    host: broker.host,
    env: environmentFor({ host: broker.host, withheld: broker.registry().variables }),
    isInteractive: true,
  });
  return [
    { value: "store", label: "In the auth store", hint: "a file that only you can read" },
    ...(keychain.kind === "offered" ? [{ value: "keyring", label: `In ${keychain.called}` } as const] : []),
    { value: "env", label: "In an environment variable", hint: "its name is stored, and nothing else" },
    { value: "file", label: "In a file of its own", hint: "its path is stored, and nothing else" },
    { value: "exec", label: "With a program that prints it", hint: "a password manager, for example" },
  ];
}

const QUESTIONS = {
  env: "Which variable?",
  file: "Which file? Its whole path",
  exec: "Which program, with its arguments?",
} as const;

function askedPlace({ talk }: Asking, place: keyof typeof QUESTIONS, { variable }: KeyAdvice): Promise<string> {
  const check = (text: string): string | undefined => {
    const reading = parseReference(`${place}:${text}`);
    return reading.kind === "reference" ? undefined : reading.hint;
  };
  return talk.ask(QUESTIONS[place], { instead: INSTEAD, check, ...(place === "env" && variable !== undefined && { initial: variable }) });
}
