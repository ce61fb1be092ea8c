import type { Secret } from "../kernel/secret.ts";
import type { AuthMethod } from "../provider/provider.ts";
import type { ProviderRegistry, RegisteredProvider } from "../provider/registry.ts";

/** Why a text cannot be a credential, or is not likely one: never with a part of it. */
export interface ShapeFault {
  readonly message: string;
  readonly hint: string;
  /** It cannot be one. Otherwise a person may know better than we do. */
  readonly certain: boolean;
}

const LONGEST_BYTES = 4096;
/** No hosted vendor's key is shorter. */
const SHORTEST_KEY = 8;
const SHORTEST_SETUP_TOKEN = 80;
const SETUP_TOKEN_PREFIX = "sk-ant-oat01-";

/** What people give in place of a key, the most telling first. */
const NO_KEYS: readonly { readonly looks: (text: string) => boolean; readonly message: string; readonly hint: string }[] = [
  { looks: (text) => /^["'`\u201c\u2018\u00ab].*["'`\u201d\u2019\u00bb]$/s.test(text), message: "it stands in quotes", hint: "Give it without them." },
  {
    looks: (text) => /^(?:(?:export|set|setx)\s+|\$env:)\w+[\s=]/i.test(text) || /^[A-Z][A-Z0-9_]*\s*=\s*[^=\s]/.test(text),
    message: "it is an assignment to a variable",
    hint: "Give what stands after the = alone.",
  },
  {
    looks: (text) => /^bearer\s/i.test(text) || /^(authorization|x-api-key|api-key|x-goog-api-key)\s*:/i.test(text),
    message: 'it is a header, with "Bearer" or a name before the key',
    hint: "Give the key alone.",
  },
  {
    looks: (text) => /^(\$\w+|\$\{\w+\}|%\w+%)$/.test(text),
    message: "it is the name of a variable, not its value",
    hint: "To read it from the environment each time, give --from env:NAME.",
  },
  { looks: (text) => /^(env|file|exec|keyring):/.test(text), message: "it is a reference to a secret, not the secret", hint: "Give a reference with --from." },
  { looks: (text) => /^[{[]/.test(text), message: "it is JSON", hint: "Give the key alone." },
  { looks: (text) => text.startsWith("-----BEGIN"), message: "it is a key file", hint: "Give the vendor's key, which is one line." },
  { looks: (text) => /^https?:\/\//i.test(text), message: "it is a web address", hint: "Give the key that the page shows." },
  {
    looks: (text) => /\u2026|\.{3}|\*{3}|\u2022{2}/.test(text),
    message: "it is a shortened key: something is left out in it",
    hint: "Most vendors show a key whole only once; make a new one.",
  },
  { looks: (text) => /^<.*>$/.test(text) || /^your[-_ ]/i.test(text), message: "it is a placeholder", hint: "Give your own key." },
  { looks: (text) => /[\r\n\u2028\u2029]/.test(text), message: "it is more than one line", hint: "Give one key alone." },
  { looks: (text) => /\s/.test(text), message: "there is white space in it", hint: "Copy it again, in one piece." },
  { looks: (text) => /[^\u0021-\u007e]/.test(text), message: "there is a character in it that no key has", hint: "Copy it again from the vendor's page." },
  { looks: isTwice, message: "it is the same text twice", hint: "It may have been pasted twice; give it once." },
];

/** Whether this can be an API key of that provider. White space around it does not count. */
export function keyFault(secret: Secret, provider: RegisteredProvider | undefined, registry: ProviderRegistry): ShapeFault | undefined {
  const text = secret.reveal().trim();
  return plainFault(text) ?? (provider === undefined ? undefined : vendorFault(text, provider, registry));
}

/** Whether this can be what `claude setup-token` prints. */
export function setupTokenFault(secret: Secret): ShapeFault | undefined {
  const text = secret.reveal().trim();
  const plain = plainFault(text);
  if (plain !== undefined) return plain;
  if (!text.startsWith(SETUP_TOKEN_PREFIX)) {
    const hint = text.startsWith("sk-ant-api")
      ? "It is an API key: `{cli} models auth paste-api-key --provider anthropic`."
      : "Make one with `claude setup-token`.";
    return { message: `a setup-token begins with ${SETUP_TOKEN_PREFIX}, and this does not`, hint, certain: true };
  }
  if (text.length >= SHORTEST_SETUP_TOKEN) return undefined;
  const message = `a setup-token has at least ${SHORTEST_SETUP_TOKEN} characters, and this has ${text.length}`;
  return { message, hint: "Part of it is missing: copy it again.", certain: true };
}

/** A token may be anything that can travel in a header; what is odd about it, nobody but its owner can judge. */
export function tokenFault(secret: Secret): ShapeFault | undefined {
  const text = secret
    .reveal()
    .replace(/[\r\n]+/g, "")
    .trim();
  if (/[\u0000-\u0008\u000b-\u001f\u007f]/.test(text)) return { message: "there is a control character in it", hint: "Copy it again.", certain: true };
  const odd = plainFault(text);
  return odd === undefined ? undefined : { ...odd, certain: false };
}

function plainFault(text: string): ShapeFault | undefined {
  if (text.length > LONGEST_BYTES) return { message: "it is longer than 4 KB", hint: "Give the key alone.", certain: true };
  const found = NO_KEYS.find(({ looks }) => looks(text));
  return found === undefined ? undefined : { message: found.message, hint: found.hint, certain: true };
}

/** Pasted twice into a field that shows nothing. */
function isTwice(text: string): boolean {
  const half = text.length / 2;
  return text.length >= 32 && Number.isInteger(half) && text.slice(0, half) === text.slice(half);
}

function vendorFault(text: string, { provider, custom, isLocal }: RegisteredProvider, registry: ProviderRegistry): ShapeFault | undefined {
  const own = longestMatch(text, provider.auth);
  if (own?.kind === "token") return otherKind(own, provider.id);
  if (own !== undefined || custom.length > 0 || isLocal || provider.quirks.addressing !== undefined) return undefined;
  const known = provider.auth.flatMap((method) => (method.kind === "api_key" ? (method.prefixes ?? []) : []));
  const elsewhere = registry.all.find((other) => other.provider.id !== provider.id && longestMatch(text, other.provider.auth) !== undefined);
  const shape = known.length === 0 ? "" : `; keys of ${provider.label} begin with ${known.join(" or ")}`;
  if (elsewhere !== undefined)
    return {
      message: `that looks like a key of ${elsewhere.provider.label}${shape}`,
      hint: `Perhaps --provider ${elsewhere.provider.id} is meant.`,
      certain: false,
    };
  if (known.length > 0)
    return {
      message: `keys of ${provider.label} begin with ${known.join(" or ")}, and this does not`,
      hint: "Copy it again, from its beginning.",
      certain: false,
    };
  if (text.length >= SHORTEST_KEY) return undefined;
  return {
    message: `it has ${text.length} character${text.length === 1 ? "" : "s"}: no key of ${provider.label} is that short`,
    hint: "Copy all of it.",
    certain: false,
  };
}

function otherKind({ label }: { readonly label: string }, provider: string): ShapeFault {
  const command = provider === "anthropic" ? "setup-token" : `paste-token --provider ${provider}`;
  return { message: `that is no API key but a ${label}`, hint: `Run \`{cli} models auth ${command}\`.`, certain: true };
}

/** The way of authenticating whose published prefix it has, the longest prefix counting. */
function longestMatch(text: string, auth: readonly AuthMethod[]): { readonly kind: "api_key" | "token"; readonly label: string } | undefined {
  let best: { kind: "api_key" | "token"; label: string; length: number } | undefined;
  for (const method of auth) {
    if (method.kind !== "api_key" && method.kind !== "token") continue;
    for (const { length } of (method.prefixes ?? []).filter((prefix) => text.startsWith(prefix))) {
      if (length > (best?.length ?? 0)) best = { kind: method.kind, label: method.label, length };
    }
  }
  return best;
}
