/** How keys and tokens look: by the shapes that vendors publish, and by what tells a key from a word. Pure; costs nothing until asked. */

interface Shape {
  /** How it begins. */
  readonly mark: string;
  /** The part of the mark that is looked for first: what ordinary text holds least, and shorter than 7, from where on V8 searches in a slower way. */
  readonly rare: string;
  /** How it goes on. Long enough that a published prefix with a fingerprint behind it, `sk-ant-…3fa91c`, is none. */
  readonly rest: RegExp;
}

/**
 * sk-, AIza, xai-, hf_: https://github.com/gitleaks/gitleaks/blob/master/config/gitleaks.toml.
 * gh?_: https://github.blog/changelog/2021-03-31-authentication-token-format-updates-are-generally-available.
 * gsk_: https://ngrok.com/docs/ai-gateway/providers/groq. nvapi-: https://github.com/langchain-ai/langchain-nvidia.
 * eyJ: a JSON Web Token, RFC 7519 section 3. Bearer: RFC 6750 section 2.1. All checked 2026-11-21.
 */
const SHAPES: readonly Shape[] = [
  { mark: "sk-", rare: "k-", rest: /^[A-Za-z0-9_-]{16,}/ },
  { mark: "gsk_", rare: "_", rest: /^[A-Za-z0-9]{20,}/ },
  { mark: "xai-", rare: "xai", rest: /^[A-Za-z0-9]{20,}/ },
  { mark: "hf_", rare: "_", rest: /^[A-Za-z0-9]{20,}/ },
  { mark: "nvapi-", rare: "vapi-", rest: /^[A-Za-z0-9_-]{20,}/ },
  { mark: "AIza", rare: "Iza", rest: /^[A-Za-z0-9_-]{30,}/ },
  { mark: "gh", rare: "gh", rest: /^[pousr]_[A-Za-z0-9]{20,}/ },
  { mark: "github_pat_", rare: "_", rest: /^[A-Za-z0-9_]{20,}/ },
  { mark: "eyJ", rare: "J", rest: /^[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}(?:\.[A-Za-z0-9_-]*)*/ },
  { mark: "Bearer ", rare: "Bear", rest: /^(?=[^\s"']*\d)[A-Za-z0-9._~+/=-]{16,}/ },
];

const LONGEST = 65_536;

/** Whether a key or token of a published shape stands in the text. */
export function holdsShape(text: string): boolean {
  for (const shape of SHAPES) if (nextOf(shape, text, 0) !== undefined) return true;
  return false;
}

/** With `[secret]` in place of every key or token of a published shape. */
export function withoutShapes(text: string): string {
  return SHAPES.reduce((left, shape) => withoutShape(left, shape), text);
}

function withoutShape(text: string, shape: Shape): string {
  let left = "";
  let done = 0;
  for (let found = nextOf(shape, text, 0); found !== undefined; found = nextOf(shape, text, done)) {
    left += `${text.slice(done, found.start)}[secret]`;
    done = found.end;
  }
  return left + text.slice(done);
}

/** Of "Bearer " only the token behind it is meant. */
function nextOf({ mark, rare, rest }: Shape, text: string, from: number): { start: number; end: number } | undefined {
  const into = mark.indexOf(rare);
  for (let found = text.indexOf(rare, from); found >= 0; found = text.indexOf(rare, found + 1)) {
    const start = found - into;
    if (start < from || !text.startsWith(mark, start) || isLetterOrDigit(text.charCodeAt(start - 1))) continue;
    const behind = start + mark.length;
    const length = rest.exec(text.slice(behind, behind + LONGEST))?.[0].length;
    if (length !== undefined) return { start: mark.endsWith(" ") ? behind : start, end: behind + length };
  }
  return undefined;
}

/** NaN, before the first character, is neither. */
function isLetterOrDigit(unit: number): boolean {
  return (unit >= 97 && unit <= 122) || (unit >= 65 && unit <= 90) || (unit >= 48 && unit <= 57);
}

const SHORTEST = 10;
const PUBLISHED_PREFIX = /^(?:sk-|gsk_|xai-|hf_|nvapi-|AIza|gh[pousr]_|github_pat_|eyJ)/;
const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-/i;
/** Letters and digits without a break, as no word and no version number has them: long, or changing more often between the two, or in case. */
const LONG_RUN = /(?=[A-Za-z]{0,15}\d)[A-Za-z0-9]{16}|[A-Za-z0-9]{24}/;
const MIXED_RUN = /(?=[A-Za-z0-9]{10})[A-Za-z0-9]*[A-Za-z]\d+[A-Za-z]+\d/;
const CAPITALS_WITHIN = /(?=[A-Za-z0-9]{10})[A-Za-z0-9]*[a-z][A-Z][A-Za-z0-9]*[a-z][A-Z][A-Za-z0-9]*[a-z][A-Z]/;
const NEVER_IN_IDS = /[^A-Za-z0-9_./:@~ ()+,-]/;

/**
 * `key`: struck out wherever it turns up. `doubtful`: only in texts from outside, for it may as well be a word that stands in ordinary output.
 * `word`: never; people write "ollama", "lm-studio" or "none" where no key is needed. No id of a provider or model is a key.
 */
export function likenessOf(text: string): "key" | "doubtful" | "word" {
  if (text.length < SHORTEST) return "word";
  if (isKeyLike(text)) return "key";
  return text.length >= 16 || (/\d/.test(text) && /[A-Za-z]/.test(text)) ? "doubtful" : "word";
}

function isKeyLike(text: string): boolean {
  if (LONG_RUN.test(text) || MIXED_RUN.test(text) || CAPITALS_WITHIN.test(text)) return true;
  return text.length >= 16 && (PUBLISHED_PREFIX.test(text) || UUID.test(text) || NEVER_IN_IDS.test(text));
}
