import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Browser, launch, type Page } from "puppeteer-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { logIn } from "../../src/credentials/login/log-in.ts";
import { type IdentityProvider, startIdentityProvider } from "../../test/support/identity-provider.mjs";
import { type IndependentProvider, startIndependentProvider } from "../../test/support/independent-provider.mjs";
import { runProgram } from "../program.ts";
import { issuerMethod, loginWith, methodFor } from "./stage.ts";

const CHROMIUM = process.env["CHROMIUM"] ?? "/usr/bin/chromium";
const isThere = existsSync(CHROMIUM);

const ROOT = join(import.meta.dirname, "..", "..");

/** Nothing but this machine is reached. */
const FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost"];

if (!isThere) process.stderr.write(`NOT RUN: a login in Chromium; there is no ${CHROMIUM}, and CHROMIUM names no other browser\n`);
const title = isThere ? "a login in Chromium" : `a login in Chromium: not tested, there is no ${CHROMIUM}; set CHROMIUM to a browser`;

describe.skipIf(!isThere)(title, () => {
  let browser: Browser;
  let idp: IndependentProvider;
  let own: IdentityProvider;
  beforeAll(async () => {
    idp = await startIndependentProvider();
    own = await startIdentityProvider();
    browser = await launch({ executablePath: CHROMIUM, args: FLAGS, headless: true });
  });
  afterAll(async () => {
    await browser?.close();
    await idp?.close();
    await own?.close();
  });

  async function inNewWindow<T>(act: (page: Page) => Promise<T>): Promise<T> {
    const context = await browser.createBrowserContext();
    try {
      return await act(await context.newPage());
    } finally {
      await context.close();
    }
  }

  test("by the provider's pages for logging in and agreeing, to the page that says it is done", async () => {
    await inNewWindow(async (page) => {
      let last: Promise<string> | undefined;
      const visit = (url: string): void => {
        last = signIn(page, url, "ada");
      };
      const method = issuerMethod("authorization-code", idp.url, { scopes: ["openid", "offline_access", "email"] });
      const result = await logIn(loginWith(method, { visit, given: { clientId: idp.clientId } }));
      expect(result).toMatchObject({ kind: "credential", credential: { kind: "oauth" }, email: "ada@example.com" });
      expect(await last).toBe("You can close this page");
    });
  });

  test("by device code", async () => {
    await inNewWindow(async (page) => {
      let last: Promise<string> | undefined;
      const method = issuerMethod("device-code", idp.url, { scopes: ["openid", "offline_access", "email"] });
      const input = loginWith(method, {
        given: { clientId: idp.clientId },
        onEvent: (event) => {
          if (event.event === "page") last = confirmDevice(page, event.url, event.userCode ?? "", "lin");
        },
      });
      expect(await logIn(input)).toMatchObject({ email: "lin@example.com" });
      expect(await last).toBe("Sign-in Success");
    });
  });

  test("a page of somebody else that knows the port and the path gets nothing through, and the login goes on", async () => {
    await inNewWindow(async (page) => {
      let attacked: Promise<string> | undefined;
      const visit = (url: string): void => {
        const query = new URL(url).searchParams;
        const back = `${query.get("redirect_uri")}?code=stolen&state=${query.get("state")}`;
        attacked = attack(page, own.url, back).then(async (outcome) => {
          expect(own.counts.token).toBe(0);
          await page.goto(url);
          return outcome;
        });
      };
      await logIn(loginWith(issuerMethod("authorization-code", own.url), { visit }));
      expect(await attacked).toBe("fetch failed, image failed, no text in the frame");
      expect(own.counts.token).toBe(1);
    });
  });

  test("OpenRouter's way: the browser comes back to the path that nobody guesses", async () => {
    await inNewWindow(async (page) => {
      const flow = methodFor({ kind: "openrouter-pkce", authorizeUrl: `${own.url}/auth`, keysUrl: `${own.url}/auth/keys` });
      const result = await logIn(loginWith(flow, { visit: (url) => void page.goto(url).catch(() => undefined) }));
      expect(result).toMatchObject({ credential: { kind: "api_key" } });
    });
  });

  test("with the whole program: BROWSER shows the page, and the login is in the store", async () => {
    const home = mkdtempSync(join(tmpdir(), "signalbox-login-"));
    await inNewWindow(async (page) => {
      let last: Promise<string> | undefined;
      const { server, url } = await pagesTold((told) => {
        last = signIn(page, told, "ada");
      });
      mkdirSync(join(home, ".nemo"), { mode: 0o700 });
      writeFileSync(join(home, ".nemo/nemo.json"), '{ models: { providers: { lab: { baseUrl: "https://lab.example/v1", models: [{ id: "m" }] } } } }', {
        mode: 0o600,
      });
      const flags = ["--issuer", idp.url, "--client-id", idp.clientId, "--scope", "openid,offline_access,email", "--method", "browser", "--json"];
      const program = [process.execPath, join(ROOT, "bin/nemo.cjs"), "models", "auth", "login", "lab", ...flags];
      const browserCommand = `${process.execPath} ${join(ROOT, "e2e/login/tell-page.mjs")}`;
      const env = new Map(Object.entries({ HOME: home, PATH: process.env["PATH"] ?? "", BROWSER: browserCommand, TELL_URL: url }));
      const { code, stdout, stderr } = await runProgram(program, { env, cwd: home, stdin: "" });
      server.close();
      expect({ code, stderr: code === 0 ? "" : stderr }).toEqual({ code: 0, stderr: "" });
      expect(JSON.parse(stdout)).toMatchObject({ provider: "lab", outcome: "stored" });
      expect(await last).toBe("You can close this page");
      const store = join(home, ".nemo/agents/main/agent/auth-profiles.json");
      expect(JSON.parse(readFileSync(store, "utf8"))).toMatchObject({ profiles: { "lab:ada@example.com": { type: "oauth", email: "ada@example.com" } } });
      expect(statSync(store).mode & 0o777).toBe(0o600);
    });
    rmSync(home, { recursive: true, force: true });
  });
});

/** Hears from `tell-page.mjs`. */
async function pagesTold(onPage: (url: string) => void): Promise<{ readonly server: Server; readonly url: string }> {
  const server = createServer((request, response) => {
    let text = "";
    request.on("data", (piece: Buffer) => (text += piece.toString("utf8")));
    request.on("end", () => {
      response.end();
      onPage(text);
    });
  });
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/` };
}

async function signIn(page: Page, url: string, login: string): Promise<string> {
  await page.goto(url, { waitUntil: "domcontentloaded" });
  return agree(page, login);
}

async function confirmDevice(page: Page, url: string, userCode: string, login: string): Promise<string> {
  await page.goto(url, { waitUntil: "domcontentloaded" });
  await page.type("input[name=user_code]", userCode);
  await submit(page);
  await page.waitForSelector("input[name=confirm]");
  await submit(page);
  return agree(page, login);
}

async function agree(page: Page, login: string): Promise<string> {
  await page.waitForSelector("input[name=login]");
  await page.type("input[name=login]", login);
  await page.type("input[name=password]", "any");
  await submit(page);
  await page.waitForSelector("input[name=prompt][value=consent]");
  await submit(page);
  return (await page.$eval("h1", ({ textContent }) => textContent)) ?? "";
}

async function submit(page: Page): Promise<void> {
  await Promise.all([page.waitForNavigation({ waitUntil: "domcontentloaded" }), page.click("button[type=submit]")]);
}

/** What a page can do without the person: it stands on another origin, and even knows the state. */
async function attack(page: Page, origin: string, back: string): Promise<string> {
  await page.goto(`${origin}/other`);
  return String(await page.evaluate(`(${IN_THE_PAGE})(${JSON.stringify(back)})`));
}

const IN_THE_PAGE = `async (target) => {
  const fetched = await fetch(target).then(() => "fetch came through", () => "fetch failed");
  const image = await new Promise((resolve) => {
    const element = new Image();
    element.onload = () => resolve("image came through");
    element.onerror = () => resolve("image failed");
    element.src = target;
  });
  const frame = await new Promise((resolve) => {
    const element = document.createElement("iframe");
    element.onload = () => resolve(element.contentDocument === null ? "no text in the frame" : "text in the frame");
    element.src = target;
    document.body.append(element);
  });
  return [fetched, image, frame].join(", ");
}`;
