import type { Broker } from "../broker.ts";
import type { LoginEvent } from "../credentials/login/contract.ts";
import { assertNever } from "../kernel/errors.ts";
import { beginLogin, type BeginWish } from "./login-begin.ts";
import type { LoginEventReport } from "./login-report.ts";
import { runLogin } from "./login-run.ts";
import type { Talk } from "./talk.ts";

/** `--events`: what happens, as it happens; the end of the login is the last. */
export async function* loginEvents(
  given: BeginWish & { readonly timeout: number },
  args: readonly string[],
  { broker, talk }: { readonly broker: Broker; readonly talk: Talk },
): AsyncGenerator<LoginEventReport> {
  const call = await beginLogin(broker, talk, given, args);
  const { provider, method } = call;
  yield { event: "begin", provider, method: method.id, licence: method.licence, standing: method.standing ?? null };
  const seen: LoginEventReport[] = [];
  let wake = (): void => undefined;
  const turn = {
    browser: given.noBrowser ? "print" : "open",
    timeoutMs: given.timeout,
    onEvent: (event: LoginEvent): void => {
      seen.push(eventRow(event));
      wake();
    },
  } as const;
  let isOver = false;
  const login = runLogin(call, turn).finally(() => {
    isOver = true;
    wake();
  });
  // What fails is thrown below, by who waits for the login.
  login.catch(() => undefined);
  for (;;) {
    const next = seen.shift();
    if (next !== undefined) yield next;
    else if (isOver) break;
    else await new Promise<void>((resolve) => (wake = resolve));
  }
  yield { event: "done", ...(await login) };
}

function eventRow(event: LoginEvent): LoginEventReport {
  switch (event.event) {
    case "page": {
      const { url, userCode = null, verificationUrlComplete: urlWithCode = null, expiresAtMs: expiresAt = null } = event;
      return { event: "page", url, userCode, urlWithCode, expiresAt };
    }
    case "browser_opened":
    case "browser_not_opened":
    case "waiting":
    case "received":
    case "exchanged":
    case "slow_down":
    case "retry":
    case "paste_refused":
      return event;
    default:
      return assertNever(event);
  }
}
