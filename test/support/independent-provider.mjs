import { generateKeyPairSync } from "node:crypto";
import { createServer } from "node:http";
import { Provider } from "oidc-provider";

/**
 * An OpenID provider that others wrote (`oidc-provider`), on loopback, with its own pages to log in and agree on: authorization code with PKCE, device
 * code, refresh tokens for one use whose reuse revokes the whole login. Everything is in memory.
 *
 *   const idp = await startIndependentProvider();
 *   idp.url                          // issuer
 *   idp.clientId                     // a public native client: any port of 127.0.0.1, path /callback
 *   idp.confidential                 // { clientId, clientSecret }: its secret goes into the header
 *   await idp.agree(page, "ada")     // a person at the pages, by plain requests; resolves to the address that the browser is sent back to,
 *                                    // or to the last page of a device login. `agree(page, "ada", userCode)` enters the code.
 *   idp.counts                       // { granted, refused, revoked }: token calls that succeeded, that failed, and logins that were revoked
 *   await idp.close()
 */
export async function startIndependentProvider({ accessSeconds = 3600 } = {}) {
  const server = createServer();
  await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
  const url = `http://127.0.0.1:${server.address().port}`;
  const counts = { granted: 0, refused: 0, revoked: 0 };
  const provider = withoutAdvice(() => new Provider(url, configuration(accessSeconds)));
  provider.on("grant.success", () => (counts.granted += 1));
  provider.on("grant.error", () => (counts.refused += 1));
  provider.on("grant.revoked", () => (counts.revoked += 1));
  server.on("request", provider.callback());
  return {
    url,
    clientId: "native",
    confidential: { clientId: "confidential", clientSecret: "kept-by-the-registration" },
    counts,
    agree,
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}

const CODE = { grant_types: ["authorization_code", "refresh_token"], response_types: ["code"], redirect_uris: ["http://127.0.0.1/callback"] };
const NATIVE = {
  ...CODE,
  application_type: "native",
  id_token_signed_response_alg: "ES256",
  grant_types: [...CODE.grant_types, "urn:ietf:params:oauth:grant-type:device_code"],
};

const devicePage = (title, form, id) =>
  `<!doctype html><title>${title}</title><h1>${title}</h1>${form}${id === undefined ? "" : `<button type="submit" form="${id}">Continue</button>`}`;

/** Its own ones tell on the console that they should be replaced. */
const DEVICE_PAGES = {
  userCodeInputSource: (ctx, form, _, error) => (ctx.body = devicePage(error === undefined ? "Sign-in" : "Try again", form, "op.deviceInputForm")),
  userCodeConfirmSource: (ctx, form, _client, _device, code) => (ctx.body = devicePage(`Confirm ${code}`, form, "op.deviceConfirmForm")),
  successSource: (ctx) => (ctx.body = devicePage("Sign-in Success", "")),
};

function configuration(accessSeconds) {
  return {
    clients: [
      { client_id: "native", token_endpoint_auth_method: "none", ...NATIVE },
      { client_id: "confidential", client_secret: "kept-by-the-registration", token_endpoint_auth_method: "client_secret_basic", ...NATIVE },
    ],
    clientAuthMethods: ["none", "client_secret_basic"],
    pkce: { required: () => true },
    features: { deviceFlow: { enabled: true, ...DEVICE_PAGES }, devInteractions: { enabled: true } },
    claims: { openid: ["sub"], email: ["email"] },
    scopes: ["openid", "offline_access", "email"],
    conformIdTokenClaims: false,
    rotateRefreshToken: true,
    ttl: { AccessToken: accessSeconds, DeviceCode: 600, RefreshToken: 86_400, Session: 3600, Grant: 86_400, Interaction: 3600, IdToken: 3600 },
    findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id, email: `${id}@example.com` }) }),
    cookies: { keys: ["for tests"] },
    jwks: { keys: [generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey.export({ format: "jwk" })] },
  };
}

/** It tells on the console what a real service should change. */
function withoutAdvice(act) {
  const { info, warn } = console;
  const silent = () => undefined;
  Object.assign(console, { info: silent, warn: silent });
  try {
    return act();
  } finally {
    Object.assign(console, { info, warn });
  }
}

/** Follows the pages, and fills in the forms on them, until there is nothing more to do at the provider. */
async function agree(page, login, userCode) {
  const { origin } = new URL(page);
  const cookies = new Map();
  let next = { url: page };
  for (let step = 0; step < 20; step += 1) {
    const response = await fetch(next.url, {
      method: next.form === undefined ? "GET" : "POST",
      body: next.form,
      redirect: "manual",
      headers: cookieHeader(cookies),
    });
    for (const cookie of response.headers.getSetCookie()) keepCookie(cookies, cookie);
    const location = response.headers.get("location");
    if (location !== null) {
      const target = new URL(location, next.url);
      if (target.origin !== origin) return target.href;
      next = { url: target.href };
      continue;
    }
    const text = await response.text();
    const form = formIn(text, next.url, { login, password: "any", user_code: userCode });
    if (form === undefined) return `${response.status} ${/<h1>([^<]*)/.exec(text)?.[1] ?? text.slice(0, 200)}`;
    next = form;
  }
  throw new Error("the pages have no end");
}

function formIn(html, at, values) {
  const [, attributes, body] = /<form([^>]*)>([\s\S]*?)<\/form>/.exec(html) ?? [];
  if (attributes === undefined) return undefined;
  const form = new URLSearchParams();
  for (const [input] of body.matchAll(/<input[^>]*>/g)) {
    const name = /name="([^"]*)"/.exec(input)?.[1];
    if (name !== undefined) form.set(name, /value="([^"]*)"/.exec(input)?.[1] ?? values[name] ?? "");
  }
  return { url: new URL(/action="([^"]*)"/.exec(attributes)?.[1] ?? "", at).href, form };
}

function cookieHeader(cookies) {
  return cookies.size === 0 ? {} : { cookie: [...cookies].map((pair) => pair.join("=")).join("; ") };
}

function keepCookie(cookies, text) {
  const [, name, value] = /^([^=]+)=([^;]*)/.exec(text) ?? [];
  if (/expires=Thu, 01 Jan 1970/i.test(text)) cookies.delete(name);
  else cookies.set(name, value);
}
