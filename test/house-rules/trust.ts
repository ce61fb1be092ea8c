import ts from "typescript";
import { everyNode, inSrc, inSrcExcept, isGlobal, methodCall, type Rule, type Source } from "./rule.ts";

const WRITING_CALLS = new Set(["replaceFile", "changeFiles"]);
const IDS = new Set(["ProviderId", "ModelId", "ProfileId", "AgentId"]);
const TEXT_QUESTIONS = new Set(["match", "matchAll", "includes", "startsWith", "endsWith", "search", "indexOf", "test", "exec", "split"]);
const MACHINE = new Set([
  "process",
  "console",
  "fetch",
  "performance",
  "navigator",
  "setTimeout",
  "setInterval",
  "setImmediate",
  "require",
  "__dirname",
  "__filename",
]);

/** Where `.reveal()` is called, and why there. */
export const REVEALERS: ReadonlyMap<string, string> = new Map([
  ["src/credentials/authorize.ts", "the one place where a secret meets a request"],
  ["src/credentials/login/spend.ts", "a login's secrets meet the token endpoint's body or header"],
  ["src/credentials/login/pending-file.ts", "what two steps of a login keep between them, 0600"],
  ["src/credentials/login/pasted.ts", "takes a pasted redirect apart"],
  ["src/cli/login-paste.ts", "hands what came back from the browser to the login that it belongs to"],
  ["src/credentials/aws-pair.ts", "tells a pair of AWS keys from a token, and gives it back as a Secret without blanks"],
  ["src/plugins/ask-program.ts", "hands a plugin's program its own provider's secret on its stdin"],
  ["src/credentials/clear-text.ts", "compares secrets with the texts of files, and gives back places alone"],
  ["src/credentials/keyring.ts", "hands a secret to the keychain's own program on its stdin"],
  ["src/credentials/secret-shape.ts", "tells what cannot be a key of that kind; its objections quote nothing"],
  ["src/credentials/store-entry.ts", "writes the entry of an auth store"],
  ["src/credentials/fingerprint.ts", "takes the vendor's published prefix and a one-way hash, and gives back nothing else"],
  ["src/credentials/secret-text.ts", "cuts line breaks off a pasted key and gives it back as a Secret"],
]);

/** Where files are written, and why there. */
export const WRITERS: ReadonlyMap<string, string> = new Map([
  ["src/config/edit.ts", "every change of the config"],
  ["src/credentials/login/pending-file.ts", "logins between their two steps"],
  ["src/usage/usage-cache.ts", "keeps what vendors told of usage, below the state folder's own cache; redacted"],
  ["src/state/open-state.ts", "who rests until when"],
  ["src/state/event-log.ts", "what was asked and what it cost, by day; old days are emptied"],
  ["src/gateway/key-file.ts", "gateway keys, as digests"],
  ["src/gateway/run-file.ts", "where the gateway runs, and the key of its own status"],
  ["src/config/undo.ts", "`config undo` puts the text before the last change back"],
  ["src/credentials/store-edit.ts", "every change of an auth store"],
  ["src/cli/commands/models/auth/set-aside-copies.ts", "removed secrets are struck out of damaged stores that were set aside"],
  ["src/catalog/live-cache.ts", "keeps lists that servers gave, below the state folder's own cache"],
  ["src/cli/commands/models/auth/config-backup.ts", "a secret that was taken out of the config is taken out of its backup"],
  ["src/config/edit-record.ts", "notes what `config undo` would take back; digests, no content"],
  ["src/catalog/refreshed.ts", "`models refresh` keeps what it fetched, below the state folder's own cache"],
]);

/** What is trusted, what may be asked of the machine, and who sees a secret. */
export const TRUST_RULES: readonly Rule[] = [
  {
    name: "named-failures",
    applies: inSrc,
    find: ({ file }) =>
      everyNode(file, (node) => {
        if (!ts.isThrowStatement(node) || !ts.isNewExpression(node.expression)) return undefined;
        const name = node.expression.expression.getText(file);
        return /^[A-Z]?[a-z]*Error$/.test(name) && name !== "AppError" ? { node, says: `throw an AppError with a code and a hint, not a ${name}` } : undefined;
      }),
    broken: { path: "src/chat/planted-throw.ts", code: 'export function f(): never {\n  throw new TypeError("no");\n}' },
  },
  {
    name: "ids-are-parsed",
    applies: inSrcExcept("src/kernel/ids.ts"),
    find: ({ file }) =>
      everyNode(file, (node) =>
        (ts.isAsExpression(node) || ts.isTypeAssertionExpression(node)) && IDS.has(node.type.getText(file))
          ? { node, says: `a cast to ${node.type.getText(file)}; only kernel/ids.ts makes one` }
          : undefined,
      ),
    broken: { path: "src/chat/planted-cast.ts", code: 'import type { ModelId } from "../kernel/ids.ts";\nexport const id = "x" as ModelId;' },
  },
  {
    name: "nobody-reads-messages",
    applies: inSrcExcept("src/protocols/"),
    find: ({ file }) =>
      everyNode(file, (node) => {
        const call = methodCall(node);
        const isAsked = call !== undefined && TEXT_QUESTIONS.has(call.name) && [call.on, ...call.args].some(isMessage);
        return isAsked || isComparedMessage(node) ? { node, says: "a decision by the text of a message; name the failure where the evidence is" } : undefined;
      }),
    broken: { path: "src/chat/planted-message.ts", code: "export const isQuota = (error: Error): boolean => /quota/.test(error.message);" },
    kept: { path: "src/chat/planted-shown.ts", code: 'export const shown = (error: Error): string => `${error.message.trim()} says ${["a"].includes("b")}`;' },
  },
  {
    name: "the-machine-is-an-argument",
    applies: inSrcExcept("src/host/"),
    find: (source) =>
      everyNode(source.file, (node) => {
        const name = reachesForMachine(source, node);
        return name === undefined ? undefined : { node, says: `${name} is the machine; take it from Host` };
      }),
    broken: { path: "src/chat/planted-clock.ts", code: "export const now = (): number => Date.now() + new Date().getTime() + process.pid;" },
    kept: {
      path: "src/chat/planted-console.ts",
      code: "export const page = (process: { readonly console: string }): string => `https://console.example ${process.console} ${new Date(0).toISOString()}`;",
    },
  },
  {
    name: "secrets-stay-secret",
    applies: (path) => inSrc(path) && !REVEALERS.has(path) && path !== "src/kernel/secret.ts",
    find: ({ file }) =>
      everyNode(file, (node) => (methodCall(node)?.name === "reveal" ? { node, says: "a secret is revealed; only the files in REVEALERS may" } : undefined)),
    broken: {
      path: "src/chat/planted-reveal.ts",
      code: 'import type { Secret } from "../kernel/secret.ts";\nexport const open = (secret: Secret): string => secret.reveal();',
    },
  },
  {
    name: "reading-never-writes",
    applies: (path) => inSrcExcept("src/host/")(path) && !WRITERS.has(path),
    find: ({ file }) =>
      everyNode(file, (node) =>
        WRITING_CALLS.has(methodCall(node)?.name ?? "") ? { node, says: "a file is written; only the files in WRITERS do that" } : undefined,
      ),
    broken: {
      path: "src/chat/planted-write.ts",
      code: 'import type { Host } from "../kernel/host.ts";\nexport const load = (host: Host): void => host.replaceFile("/a", "");',
    },
  },
  {
    name: "one-writer-to-the-terminal",
    applies: inSrcExcept("src/cli/main.ts", "src/host/"),
    find: ({ file }) =>
      everyNode(file, (node) => {
        const name = methodCall(node)?.name;
        return name === "out" || name === "err" ? { node, says: `.${name}( outside cli/main.ts; a command returns its report` } : undefined;
      }),
    broken: {
      path: "src/chat/planted-print.ts",
      code: 'import type { Terminal } from "../kernel/terminal.ts";\nexport const say = (terminal: Terminal): void => terminal.out("hello");',
    },
  },
  {
    name: "exhaustive-switches",
    applies: inSrc,
    find: (source) =>
      everyNode(source.file, (node) => {
        if (!ts.isSwitchStatement(node) || !isUnionOfLiterals(source.checker.getTypeAtLocation(node.expression))) return undefined;
        const fallback = node.caseBlock.clauses.find(ts.isDefaultClause);
        return fallback !== undefined && /\bassertNever\(/.test(fallback.getText(source.file))
          ? undefined
          : { node, says: "a switch over a union ends in `default: return assertNever(…)`" };
      }),
    broken: {
      path: "src/chat/planted-switch.ts",
      code: 'export function f(kind: "a" | "b"): number {\n  switch (kind) {\n    case "a":\n      return 1;\n    default:\n      return 2;\n  }\n}',
    },
    kept: {
      path: "src/chat/planted-text.ts",
      code: 'export function f(text: string): number {\n  switch (text) {\n    case "a":\n      return 1;\n    default:\n      return 2;\n  }\n}',
    },
  },
];

function isMessage(node: ts.Expression): boolean {
  return ts.isPropertyAccessExpression(node) && node.name.text === "message";
}

function isComparedMessage(node: ts.Node): boolean {
  if (!ts.isBinaryExpression(node) || ![ts.SyntaxKind.EqualsEqualsEqualsToken, ts.SyntaxKind.ExclamationEqualsEqualsToken].includes(node.operatorToken.kind))
    return false;
  return (isMessage(node.left) && ts.isStringLiteralLike(node.right)) || (isMessage(node.right) && ts.isStringLiteralLike(node.left));
}

/** What the expression reaches for, when that is the machine: the name of a global, the clock, chance. */
function reachesForMachine(source: Source, node: ts.Node): string | undefined {
  if (ts.isNewExpression(node) && node.expression.getText(source.file) === "Date" && (node.arguments?.length ?? 0) === 0) return "new Date()";
  if (!ts.isIdentifier(node) || !isGlobal(source, node)) return undefined;
  const { parent } = node;
  const isOwner = ts.isPropertyAccessExpression(parent) && parent.expression === node;
  if (node.text === "Date" && isOwner && parent.name.text === "now") return "Date.now";
  if (node.text === "Math" && isOwner && parent.name.text === "random") return "Math.random";
  const isMember = (ts.isPropertyAccessExpression(parent) && parent.name === node) || ts.isQualifiedName(parent) || ts.isTypeReferenceNode(parent);
  return MACHINE.has(node.text) && !isMember ? node.text : undefined;
}

function isUnionOfLiterals(type: ts.Type): boolean {
  const parts = type.isUnion() ? type.types : [];
  return (
    parts.length > 1 &&
    parts.every(({ flags }) => (flags & (ts.TypeFlags.Literal | ts.TypeFlags.Undefined | ts.TypeFlags.Null)) !== 0) &&
    !parts.every(({ flags }) => (flags & ts.TypeFlags.BooleanLiteral) !== 0)
  );
}
