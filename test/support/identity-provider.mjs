import { createHash, randomBytes } from "node:crypto";
import { createServer } from "node:http";
import { setTimeout as wait } from "node:timers/promises";

/**
 * An identity provider on loopback that can be made to fail in every way that matters. Every page agrees at once: what a browser would do is one
 * `fetch` of the authorization address that follows redirects.
 *
 *   const idp = await startIdentityProvider({ lifetimeSeconds: 3600, graceSeconds: 0 });
 *   idp.url                                  // issuer; discovery, /authorize, /device, /token, /userinfo; OpenRouter's: /auth, /auth/keys
 *   idp.approve(userCode); idp.deny(userCode) // what the person does on the page of a device login
 *   idp.seed()                               // → { access, refresh, family }: tokens of a login that happened before
 *   idp.fault("token", "status_500", 2)      // the next two token calls; see FAULTS. Those of `AFTER` happen after the work is done
 *   const letGo = idp.hold("token")          // no call of it is answered until letGo()
 *   idp.counts                               // calls by endpoint; `refreshed` (tokens handed out), `reused` (a spent token came), `revoked` (families)
 *   idp.asked                                // every request: { method, path, form, headers }
 *   idp.latest(family)                       // the newest tokens of a family
 *   await idp.close()
 *
 * Refresh tokens are for one use: one that is spent comes back with the newest tokens within `graceSeconds`, and afterwards revokes its family.
 * `lies` is laid over the answers by endpoint: `{ device: { user_code: "\u001b[2J" }, discovery: { issuer: "https://other.example" } }`; `undefined` takes a
 * member out. With `clientSecret`, token calls without it are invalid_client.
 */
export async function startIdentityProvider(options = {}) {
  const idp = newState(options);
  const server = createServer((request, answer) => {
    respond(idp, request, answer).catch((error) => answer.destroy(error));
  });
  await new Promise((ready) => server.listen(options.port ?? 0, "127.0.0.1", ready));
  idp.url = `http://127.0.0.1:${server.address().port}`;
  return {
    url: idp.url,
    counts: idp.counts,
    asked: idp.asked,
    lies: idp.lies,
    fault: (endpoint, name, times = 1) => addFaults(idp, endpoint, name, times),
    hold: (endpoint) => hold(idp, endpoint),
    approve: (userCode) => decide(idp, userCode, "approved"),
    deny: (userCode) => decide(idp, userCode, "denied"),
    seed: () => ({ ...newFamily(idp, "openid") }),
    latest: (family) => idp.families.get(family)?.tokens,
    isRevoked: (family) => idp.families.get(family)?.revoked ?? true,
    isLive: (access) => [...idp.families.values()].some((one) => !one.revoked && one.tokens.access === access),
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}

function newState(options) {
  const counts = { discovery: 0, authorize: 0, device: 0, token: 0, userinfo: 0, keys: 0, refreshed: 0, reused: 0, revoked: 0, other: 0 };
  return {
    options: { lifetimeSeconds: 3600, graceSeconds: 0, latencyMs: 0, decision: "approve", email: "ada@example.com", subject: "user-1", ...options },
    lies: { ...options.lies },
    counts,
    asked: [],
    codes: new Map(),
    devices: new Map(),
    families: new Map(),
    refreshTokens: new Map(),
    faults: new Map(),
    held: new Map(),
  };
}

const ENDPOINTS = {
  "/.well-known/openid-configuration": ["discovery", discovery],
  "/.well-known/oauth-authorization-server": ["discovery", discovery],
  "/authorize": ["authorize", authorize],
  "/auth": ["authorize", openrouterPage],
  "/auth/keys": ["keys", openrouterKey],
  "/device": ["device", device],
  "/token": ["token", token],
  "/userinfo": ["userinfo", (idp) => ({ json: { sub: idp.options.subject, email: idp.options.email } })],
};

async function respond(idp, request, answer) {
  let body = "";
  for await (const piece of request) body += piece;
  const url = new URL(request.url, idp.url);
  const [endpoint, act] = ENDPOINTS[url.pathname] ?? ["other", () => ({ status: 404, json: { error: "not_found" } })];
  const form = request.headers["content-type"]?.includes("json") ? JSON.parse(body) : Object.fromEntries(new URLSearchParams(body));
  const asked = { method: request.method, path: request.url, query: Object.fromEntries(url.searchParams), form, headers: request.headers };
  idp.asked.push(asked);
  idp.counts[endpoint] += 1;
  if (idp.options.latencyMs > 0) await wait(idp.options.latencyMs);
  await idp.held.get(endpoint);
  const fault = idp.faults.get(endpoint)?.shift();
  if (fault !== undefined && !AFTER.has(fault)) return FAULTS[fault](answer, idp);
  const { status = 200, json, location } = act(idp, asked);
  if (fault !== undefined && AFTER_ANSWER[fault] === undefined) return FAULTS[fault](answer, idp);
  if (location !== undefined) return answer.writeHead(302, { location }).end();
  const told = { ...json, ...idp.lies[endpoint], ...AFTER_ANSWER[fault] };
  answer.writeHead(status, { "content-type": "application/json", "cache-control": "no-store" }).end(JSON.stringify(told));
}

const send =
  (status, json, headers = {}) =>
  (answer) =>
    answer.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(json));

/** What is laid over a token answer after the work was done. */
const AFTER_ANSWER = {
  no_refresh_token: { refresh_token: undefined },
  no_expiry: { expires_in: undefined },
  string_expiry: { expires_in: "3600" },
  negative_expiry: { expires_in: -5 },
  short_expiry: { expires_in: 5 },
  endless_expiry: { expires_in: 1e12 },
  mac_token: { token_type: "mac" },
  changed_scope: { scope: "something-else" },
  no_access_token: { access_token: undefined },
};

export const FAULTS = {
  /** Headers never come. */
  stall: () => undefined,
  /** The body never ends. */
  stall_body: (answer) => answer.writeHead(200, { "content-type": "application/json" }).write('{"access_'),
  /** The connection is closed without a word, before or after the work. */
  drop: (answer) => answer.destroy(),
  lost: (answer) => answer.destroy(),
  stall_after: () => undefined,
  status_500: send(500, { error: "server_error" }),
  status_503: send(503, {}, { "retry-after": "7" }),
  rate_limit: send(429, { error: "too_many_requests" }, { "retry-after": "3" }),
  invalid_grant: send(400, { error: "invalid_grant", error_description: "spent \u001b]0;title\u0007" }),
  invalid_client: send(401, { error: "invalid_client" }),
  slow_down: send(400, { error: "slow_down" }),
  pending: send(400, { error: "authorization_pending" }),
  /** As one vendor does it. */
  pending_200: send(200, { error: "authorization_pending" }),
  expired_token: send(400, { error: "expired_token" }),
  access_denied: send(400, { error: "access_denied" }),
  html: (answer) => answer.writeHead(200, { "content-type": "text/html" }).end("<!doctype html><title>Sign in</title>"),
  not_json: (answer) => answer.writeHead(200, { "content-type": "application/json" }).end('{"access_token": "abc'),
  list: (answer) => answer.writeHead(200, { "content-type": "application/json" }).end("[]"),
  giant: (answer) => answer.writeHead(200, { "content-type": "application/json" }).end(`{"access_token":"${"a".repeat(2_000_000)}"}`),
  redirect: (answer, idp) => answer.writeHead(307, { location: `${idp.url}/token` }).end(),
  ...AFTER_ANSWER,
};

/** The work is done (a token is spent) before these happen. */
const AFTER = new Set(["lost", "stall_after", ...Object.keys(AFTER_ANSWER)]);

function addFaults(idp, endpoint, name, times) {
  if (!(name in FAULTS)) throw new Error(`no fault ${name}`);
  idp.faults.set(endpoint, [...(idp.faults.get(endpoint) ?? []), ...Array(times).fill(name)]);
}

function hold(idp, endpoint) {
  let letGo;
  idp.held.set(endpoint, new Promise((done) => (letGo = done)));
  return letGo;
}

function discovery({ url }) {
  return {
    json: {
      issuer: url,
      authorization_endpoint: `${url}/authorize`,
      device_authorization_endpoint: `${url}/device`,
      token_endpoint: `${url}/token`,
      userinfo_endpoint: `${url}/userinfo`,
      code_challenge_methods_supported: ["S256"],
      authorization_response_iss_parameter_supported: true,
    },
  };
}

function authorize(idp, { query }) {
  const back = new URL(query.redirect_uri);
  back.searchParams.set("state", query.state ?? "");
  back.searchParams.set("iss", idp.url);
  if (idp.options.decision === "deny") back.searchParams.set("error", "access_denied");
  else back.searchParams.set("code", newCode(idp, { challenge: query.code_challenge, redirectUri: query.redirect_uri, scope: query.scope }));
  return { location: back.href };
}

function newCode(idp, facts) {
  const code = `code-${secret()}`;
  idp.codes.set(code, facts);
  return code;
}

function openrouterPage(idp, { query }) {
  const back = new URL(query.callback_url);
  back.searchParams.set("code", newCode(idp, { challenge: query.code_challenge, redirectUri: undefined }));
  return { location: back.href };
}

function openrouterKey(idp, { form }) {
  const code = idp.codes.get(form.code);
  idp.codes.delete(form.code);
  if (code === undefined || challengeOf(form.code_verifier) !== code.challenge) return { status: 403, json: { error: { message: "Invalid code" } } };
  return { json: { key: `sk-or-v1-${createHash("sha256").update(secret()).digest("hex")}`, user_id: "user_2abc" } };
}

function device(idp, { form }) {
  const deviceCode = `device-${secret()}`;
  const userCode = `${randomBytes(2).toString("hex")}-${randomBytes(2).toString("hex")}`.toUpperCase();
  idp.devices.set(deviceCode, { userCode, decision: "pending", scope: form.scope });
  const page = `${idp.url}/activate`;
  return {
    json: {
      device_code: deviceCode,
      user_code: userCode,
      verification_uri: page,
      verification_uri_complete: `${page}?user_code=${userCode}`,
      expires_in: 600,
      interval: idp.options.intervalSeconds ?? 1,
    },
  };
}

function decide(idp, userCode, decision) {
  const found = [...idp.devices.values()].find((one) => one.userCode === userCode);
  if (found === undefined) throw new Error("nobody asked for that code");
  found.decision = decision;
}

function token(idp, { form, headers }) {
  const { clientSecret } = idp.options;
  const basic = clientSecret === undefined ? undefined : Buffer.from(headers.authorization?.slice(6) ?? "", "base64").toString();
  if (clientSecret !== undefined && form.client_secret !== clientSecret && !basic.endsWith(`:${clientSecret}`)) return refusal("invalid_client", 401);
  switch (form.grant_type) {
    case "authorization_code":
      return redeem(idp, form);
    case "urn:ietf:params:oauth:grant-type:device_code":
      return poll(idp, form);
    case "refresh_token":
      return rotate(idp, form);
    default:
      return refusal("unsupported_grant_type");
  }
}

function redeem(idp, form) {
  const code = idp.codes.get(form.code);
  idp.codes.delete(form.code);
  if (code === undefined || code.redirectUri !== form.redirect_uri || challengeOf(form.code_verifier) !== code.challenge) return refusal("invalid_grant");
  return granted(idp, newFamily(idp, code.scope));
}

function poll(idp, form) {
  const found = idp.devices.get(form.device_code);
  if (found === undefined) return refusal("invalid_grant");
  if (found.decision === "pending") return refusal("authorization_pending");
  idp.devices.delete(form.device_code);
  return found.decision === "denied" ? refusal("access_denied") : granted(idp, newFamily(idp, found.scope));
}

function rotate(idp, form) {
  const found = idp.refreshTokens.get(form.refresh_token);
  const family = idp.families.get(found?.family);
  if (family === undefined || family.revoked) return refusal("invalid_grant");
  if (found.spentAtMs !== undefined) {
    idp.counts.reused += 1;
    if (Date.now() - found.spentAtMs <= idp.options.graceSeconds * 1000) return granted(idp, family.tokens, family.scope);
    family.revoked = true;
    idp.counts.revoked += 1;
    return refusal("invalid_grant");
  }
  found.spentAtMs = Date.now();
  idp.counts.refreshed += 1;
  family.tokens = newTokens(idp, found.family);
  return granted(idp, family.tokens, family.scope);
}

function newFamily(idp, scope) {
  const name = `family-${idp.families.size + 1}`;
  const tokens = newTokens(idp, name);
  idp.families.set(name, { tokens, scope, revoked: false });
  return tokens;
}

function newTokens(idp, family) {
  const tokens = { access: `access-${secret()}`, refresh: `refresh-${secret()}`, family };
  idp.refreshTokens.set(tokens.refresh, { family });
  return tokens;
}

function granted(idp, { access, refresh, family }) {
  const { scope } = idp.families.get(family);
  const { lifetimeSeconds, subject, email } = idp.options;
  const claims = { iss: idp.url, sub: subject, ...(email !== undefined && { email }) };
  return {
    json: {
      access_token: access,
      token_type: "Bearer",
      expires_in: lifetimeSeconds,
      refresh_token: refresh,
      ...(scope !== undefined && { scope }),
      ...(scope?.split(" ").includes("openid") && { id_token: [{ alg: "none" }, claims].map(asPart).join(".") + "." }),
    },
  };
}

const refusal = (error, status = 400) => ({ status, json: { error } });
const secret = () => randomBytes(24).toString("base64url");
const challengeOf = (verifier = "") => createHash("sha256").update(verifier).digest("base64url");
const asPart = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
