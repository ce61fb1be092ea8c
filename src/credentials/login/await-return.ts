import type { CallbackListener } from "../../kernel/login-machine.ts";
import { loginExpired, loginFailed } from "./failures.ts";
import { type LoginInput, USUAL_PATIENCE_MS } from "./contract.ts";
import { type ExpectedReturn, readPasted } from "./pasted.ts";

const MOST_PASTES = 10;

type Query = ReadonlyMap<string, string>;

/** Shows the page and waits until the browser comes back or somebody pastes what it ended at; the other way is closed before this resolves. */
export async function awaitReturn(input: LoginInput, listener: CallbackListener, url: string, expected: ExpectedReturn): Promise<Query> {
  const over = new AbortController();
  const signal = AbortSignal.any([input.signal, over.signal]);
  try {
    input.onEvent({ event: "page", url, expiresAtMs: input.host.nowMs() + patienceOf(input) });
    await showPage(input, url);
    input.onEvent({ event: "waiting" });
    const ways = [listener.hit, expiry(input, signal), ...(input.paste === undefined ? [] : [pasted(input, input.paste, expected, signal)])];
    const query = await Promise.race(ways);
    input.onEvent({ event: "received" });
    return query;
  } finally {
    over.abort();
    await listener.close();
  }
}

/** Where somebody can see it. It was printed before in any case. */
export async function showPage({ browser, machine, onEvent, signal }: LoginInput, url: string): Promise<void> {
  signal.throwIfAborted();
  if (browser === "print" || !machine.canShowBrowser) return;
  onEvent({ event: (await machine.openBrowser(url)) ? "browser_opened" : "browser_not_opened" });
}

async function expiry(input: LoginInput, signal: AbortSignal): Promise<never> {
  await input.host.wait(patienceOf(input), signal);
  throw loginExpired();
}

function patienceOf({ patienceMs = USUAL_PATIENCE_MS }: LoginInput): number {
  return patienceMs;
}

/** What cannot be used is asked for again. Never resolves once another way was faster. */
async function pasted(input: LoginInput, ask: NonNullable<LoginInput["paste"]>, expected: ExpectedReturn, signal: AbortSignal): Promise<Query> {
  for (let left = MOST_PASTES; left > 0; left -= 1) {
    const reading = readPasted(await ask(signal), expected);
    if (reading.kind === "answer") return reading.query;
    signal.throwIfAborted();
    input.onEvent({ event: "paste_refused", why: reading.why, hint: reading.hint });
  }
  throw loginFailed("what was pasted", "could not be used, ten times over");
}
