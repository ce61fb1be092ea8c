import { spawn } from "node:child_process";
import { get } from "node:http";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { startIdentityProvider } from "../../test/support/identity-provider.mjs";

/**
 * Runs programs beside an identity provider on loopback, whose address they find in IDP_URL, and is the person at its pages:
 *
 *   with-identity-provider.mjs <program …> [+ <program …>]
 *
 * PERSON: `agrees` (browses to the page, or enters the code), `denies`, or `nobody`. After `+` comes what finishes what `--start` of the first
 * began: `{handle}` is its handle (and `{issuer}` anywhere the provider's address), and the address at which the browser ended, PASTE=1, goes to its stdin; only its stdout is printed. No token
 * may be in what a program printed, nor in any file of HOME but the auth stores: exit 99 names the place. With ATTENDED the
 * terminal is the program's own, and BROWSER the person.
 */
const person = process.env.PERSON ?? "agrees";
const email = process.env.NO_EMAIL === undefined ? "ada@example.com" : undefined;
const decision = person === "denies" ? "deny" : "approve";
const idp = await startIdentityProvider({ intervalSeconds: 1, decision, email, ...(process.env.IDP_SECRET && { clientSecret: process.env.IDP_SECRET }) });
const issued = new Set();
let everything = "";

const words = process.argv.slice(2).map((word) => word.replace("{issuer}", idp.url));
const plus = words.indexOf("+");
const first = plus < 0 ? words : words.slice(0, plus);
let ended = await run(first, { isLast: plus < 0, stdin: "inherit", acts: plus < 0 });
if (plus >= 0 && ended.code === 0) {
  const { handle, url, userCode } = JSON.parse(ended.stdout);
  const answer = userCode === null && person !== "nobody" ? await addressAfter(url) : "";
  if (userCode !== null && person === "agrees") idp.approve(userCode);
  if (userCode !== null && person === "denies") idp.deny(userCode);
  const rest = words.slice(plus + 1).map((word) => word.replace("{handle}", handle));
  ended = await run(rest, { isLast: true, stdin: process.env.PASTE === undefined ? "inherit" : answer, acts: false });
}
process.stderr.write(`idp ${JSON.stringify({ token: idp.counts.token, keys: idp.counts.keys, device: idp.counts.device })}\n`);
for (let i = 1; idp.latest(`family-${i}`) !== undefined; i++) Object.values(idp.latest(`family-${i}`)).forEach((token, at) => at < 2 && issued.add(token));
await idp.close();
const leak = leaked();
if (leak !== undefined) process.stderr.write(`LEAK: a token is in ${leak}\n`);
process.exitCode = leak === undefined ? ended.code : 99;

function run([command, ...args], { isLast, stdin, acts }) {
  return new Promise((done) => {
    const env = { ...process.env, IDP_URL: idp.url };
    const isAttended = process.env.ATTENDED !== undefined;
    const child = spawn(command, args, { env, stdio: isAttended ? "inherit" : [stdin === "inherit" ? "inherit" : "pipe", "pipe", "pipe"] });
    if (stdin !== "inherit") child.stdin.end(stdin);
    const said = { stdout: "", stderr: "" };
    const acted = new Set();
    const hear = (stream) => (piece) => {
      said[stream] += piece;
      (isLast && stream === "stdout" ? process.stdout : process.stderr).write(piece);
      if (acts) act(said.stdout + said.stderr, acted);
    };
    child.stdout?.setEncoding("utf8").on("data", hear("stdout"));
    child.stderr?.setEncoding("utf8").on("data", hear("stderr"));
    child.on("close", (code) => {
      everything += said.stdout + said.stderr;
      done({ code: code ?? -1, stdout: said.stdout });
    });
  });
}

/** What a person does who sees what the program said. */
function act(said, acted) {
  const [page] = /http:\/\/127\.0\.0\.1:\d+\/auth(?:orize)?\?[^\s"]+/.exec(said) ?? [];
  const [, told, written] = /code there: {2}(\S+)\n|"userCode":"([^"]+)"/.exec(said) ?? [];
  const code = told ?? written;
  if (person === "nobody") return;
  if (page !== undefined && !acted.has(page)) {
    acted.add(page);
    browse(page);
  }
  if (code !== undefined && !acted.has(code)) {
    acted.add(code);
    if (person === "denies") idp.deny(code);
    else idp.approve(code);
  }
}

/** As a browser goes from page to page: nothing says that a script asks. */
function browse(url) {
  get(url, ({ headers: { location } }) => location !== undefined && browse(location)).on("error", () => undefined);
}

function addressAfter(url) {
  return new Promise((done) => get(url, ({ headers: { location = "" } }) => done(location)));
}

function leaked() {
  const isIn = (text) => [...issued].some((token) => text.includes(token));
  if (isIn(everything)) return "what a program printed";
  return readdirSync(process.env.HOME, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.startsWith("auth-profiles.json"))
    .map((entry) => join(entry.parentPath, entry.name))
    .find((file) => isIn(readFileSync(file, "utf8")));
}
