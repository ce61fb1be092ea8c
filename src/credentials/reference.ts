import { assertNever } from "../kernel/errors.ts";
import type { SecretReference } from "./profile.ts";

/** Entries of this service in a keychain are ours: this program put them there. */
export const OWN_SERVICE = "signalbox";

export type ReferenceReading =
  | { readonly kind: "reference"; readonly reference: SecretReference }
  | { readonly kind: "invalid"; readonly reason: string; readonly hint: string };

const FORMS = 'Write env:NAME, file:/path, exec:["program","argument"] or keyring:service/account.';
const LONGEST = 8192;

/** What a person or a store wrote, as one of the four kinds of reference. Nothing is looked up. */
export function parseReference(text: string): ReferenceReading {
  const colon = text.indexOf(":");
  const rest = text.slice(colon + 1).trim();
  if (text.length > LONGEST) return invalid("is longer than 8 KB", FORMS);
  if (/[\u0000-\u001f\u007f]/.test(text)) return invalid("has a control character in it", FORMS);
  switch (colon < 0 ? "" : text.slice(0, colon).trim().toLowerCase()) {
    case "env":
      return parseVariable(rest);
    case "file":
      return parsePath(rest);
    case "exec":
      return parseCommand(rest);
    case "keyring":
      return parseKeyring(rest);
    default:
      return invalid("begins with none of env:, file:, exec: and keyring:", FORMS);
  }
}

/** As it is stored, and read again. */
export function referenceText(reference: SecretReference): string {
  switch (reference.kind) {
    case "env":
      return `env:${reference.variable}`;
    case "file":
      return `file:${reference.path}`;
    case "exec":
      return `exec:${JSON.stringify(reference.command)}`;
    case "keyring":
      return `keyring:${reference.service}/${reference.account}`;
    default:
      return assertNever(reference);
  }
}

function parseVariable(variable: string): ReferenceReading {
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(variable))
    return invalid("does not name a variable", "Write env: and the name of the variable, for example env:OPENAI_API_KEY.");
  return { kind: "reference", reference: { kind: "env", variable } };
}

/** What a path is relative to would depend on where somebody stands. */
function parsePath(path: string): ReferenceReading {
  if (!IS_ABSOLUTE.test(path))
    return invalid("does not name a file by its whole path", "Write the whole path, for example file:/run/secrets/openai or file:~/keys/openai.");
  return { kind: "reference", reference: { kind: "file", path } };
}

const IS_ABSOLUTE = /^(?:\/|~[/\\]|[A-Za-z]:[/\\]|\\\\)./;

const AS_LIST = 'Write it as a list: exec:["program","first argument","second argument"].';

function parseCommand(text: string): ReferenceReading {
  const words = text.startsWith("[") ? wordsOfList(text) : wordsOfLine(text);
  if ("kind" in words) return words;
  const [program] = words.command;
  if (program === undefined || program.trim() === "") return invalid("names no program", AS_LIST);
  if (/[/\\]/.test(program) && !IS_ABSOLUTE.test(program)) {
    return invalid(
      `names the program "${program.slice(0, 80)}" by a part of its path`,
      "Write its whole path, or its name alone to have it looked up in PATH.",
    );
  }
  return { kind: "reference", reference: { kind: "exec", command: words.command } };
}

type Words = { readonly command: readonly string[] } | Extract<ReferenceReading, { kind: "invalid" }>;

function wordsOfList(text: string): Words {
  try {
    const list: unknown = JSON.parse(text);
    if (Array.isArray(list) && list.every((word) => typeof word === "string")) return { command: list };
  } catch {
    // Said below.
  }
  return invalid("has a list that is not one of texts in JSON", AS_LIST);
}

/** No shell will see it: what would mean something to one, or would have to be quoted, is refused and not guessed at. */
function wordsOfLine(text: string): Words {
  if (/[^A-Za-z0-9_@%+=:,./~ -]/.test(text) || text.indexOf("~", 1) > 0) return invalid("has signs in its command that a shell would interpret", AS_LIST);
  return { command: text.split(/ +/).filter((word) => word !== "") };
}

function parseKeyring(text: string): ReferenceReading {
  const slash = text.indexOf("/");
  const [service, account] = [text.slice(0, Math.max(0, slash)).trim(), text.slice(slash + 1).trim()];
  if (slash < 0 || service === "" || account === "")
    return invalid("does not name a service and an account", "Write keyring:service/account, for example keyring:signalbox/openai.");
  if (service.length > 200 || account.length > 200) return invalid("has a name of more than 200 characters", "Shorten the service or the account.");
  return { kind: "reference", reference: { kind: "keyring", service, account } };
}

function invalid(reason: string, hint: string): Extract<ReferenceReading, { kind: "invalid" }> {
  return { kind: "invalid", reason, hint };
}
