import { spawn } from "node:child_process";
import { appendFileSync, readdirSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import { argv, env, execPath, exit } from "node:process";
import { fileURLToPath } from "node:url";

const FIXTURES = new URL("../fixtures/usage/", import.meta.url);

/** What vendors answer to the question what is left, by "GET /path", as they were recorded. */
function recorded() {
  const names = readdirSync(FIXTURES).filter((name) => name.endsWith(".json") && !name.includes("unlimited") && !name.includes("headers"));
  return new Map(names.map((name) => JSON.parse(readFileSync(new URL(name, FIXTURES), "utf8"), inAnHour)).map(({ request, body }) => [request, body]));
}

/** Recorded moments lie in the past one day: what resets, resets in an hour. */
function inAnHour(key, value) {
  if (!/reset(s_at|_at|_date|Time)$/i.test(key)) return value;
  const soon = Date.now() + 3_600_000;
  if (typeof value === "string") return new Date(soon).toISOString();
  return typeof value === "number" ? Math.round(value > 1e11 ? soon : soon / 1000) : value;
}

const GROQ = JSON.parse(readFileSync(new URL("groq-headers.json", FIXTURES), "utf8")).headers;

/** Whatever is asked, a credential with one of these words in it is answered so. */
const BY_CREDENTIAL = [
  ["refused", (answer) => json(answer, 401, { error: { message: "Incorrect API key provided.", code: "invalid_api_key" } })],
  ["busy", (answer) => json(answer, 429, { error: { message: "slow down", code: "rate_limit_exceeded" } }, { "retry-after": "40" })],
  ["forbidden", (answer) => json(answer, 403, { error: { message: "no" } })],
  ["broken", (answer) => json(answer, 500, { error: { message: "oops" } })],
  ["webpage", (answer) => answer.writeHead(200, { "content-type": "text/html" }).end("<!doctype html><title>Sign in</title>")],
  ["strange", (answer) => json(answer, 200, { hello: "world" })],
  ["hanging", () => undefined],
];

const json = (answer, status, value, headers = {}) => answer.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(value));

/**
 * All vendors on one port of loopback. As a program, `node usage-server.mjs <command> …` runs the command with USAGE_URL; USAGE_LOG names a file that
 * gets a line a request.
 */
export async function startUsageServer({ onRequest = () => undefined } = {}) {
  const answers = recorded();
  const server = createServer((request, answer) => {
    const path = request.url.split("?")[0];
    onRequest({ method: request.method, path });
    const credential = `${request.headers.authorization ?? ""}${request.headers["x-api-key"] ?? ""}`;
    const odd = BY_CREDENTIAL.find(([word]) => credential.includes(word));
    if (odd !== undefined) return odd[1](answer);
    if (path.endsWith("/models")) return json(answer, 200, { object: "list", data: [] }, path.startsWith("/groq/") ? GROQ : {});
    const body = answers.get(`${request.method} ${path}`);
    return body === undefined ? json(answer, 404, { error: { message: "not found" } }) : json(answer, 200, body);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { url: `http://127.0.0.1:${server.address().port}` };
}

if (argv[1] === fileURLToPath(import.meta.url)) {
  const onRequest = ({ method, path }) => env.USAGE_LOG !== undefined && appendFileSync(env.USAGE_LOG, `${method} ${path}\n`);
  const { url } = await startUsageServer({ onRequest });
  const [command, ...args] = argv.slice(2);
  const program = command.endsWith(".cjs") ? [execPath, [command, ...args]] : [command, args];
  spawn(...program, { env: { ...env, USAGE_URL: url }, stdio: "inherit" }).on("close", (code) => exit(code ?? 1));
}
