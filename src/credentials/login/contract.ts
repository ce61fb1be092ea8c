import type { Host } from "../../kernel/host.ts";
import type { ProviderId } from "../../kernel/ids.ts";
import type { LoginMachine } from "../../kernel/login-machine.ts";
import type { Secret } from "../../kernel/secret.ts";
import type { AskedPlugin } from "../../plugins/program-for.ts";
import type { LoginMethod } from "../../provider/login-method.ts";
import type { Credential } from "../profile.ts";
import type { StoredLogin } from "../stored-login.ts";

/** Whose registration is used, with its secret where it has one. The name of the variable is kept with the login, the secret is not. */
export interface GivenClient {
  readonly clientId: string;
  readonly clientSecret?: Secret;
  readonly clientSecretVariable?: string;
}

export interface LoginInput {
  readonly host: Host;
  readonly machine: LoginMachine;
  readonly provider: ProviderId;
  readonly method: LoginMethod;
  /** undefined where the method needs none, or has a public one. */
  readonly client: GivenClient | undefined;
  /** `open`: shows the page where somebody can see it. */
  readonly browser: "open" | "print";
  onEvent(event: LoginEvent): void;
  /**
   * Asks the person for the address that the browser ended at, or for the code; undefined where there is no terminal. Its signal fires when
   * another way was faster: the question is then to be taken away. Asked again after `paste_refused`. What it throws ends the login.
   */
  readonly paste: ((signal: AbortSignal) => Promise<string | Secret>) | undefined;
  /** For a login that a plugin's program makes. */
  readonly program?: AskedPlugin;
  /** How long a person at a browser is waited for; a quarter of an hour unless told. A device code says itself how long it lives. */
  readonly patienceMs?: number;
  readonly signal: AbortSignal;
}

/** What happens meanwhile: the lines of `--events`. Never a secret; strings may come from outside, capped and plain. */
export type LoginEvent =
  | {
      readonly event: "page";
      readonly url: string;
      readonly userCode?: string;
      /** The page with the code filled in. */
      readonly verificationUrlComplete?: string;
      readonly expiresAtMs?: number;
    }
  | { readonly event: "browser_opened" | "browser_not_opened" | "waiting" | "received" | "exchanged" }
  /** The vendor asked for fewer questions. */
  | { readonly event: "slow_down"; readonly intervalSeconds: number }
  /** The vendor could not be asked; it is asked again. `why` is a sentence's end. */
  | { readonly event: "retry"; readonly why: string; readonly inSeconds: number }
  | { readonly event: "paste_refused"; readonly why: string; readonly hint: string };

export type LoginResult =
  | {
      readonly kind: "credential";
      /** `oauth` where it renews itself, `token` where it does not, `api_key` where the vendor gives a key. */
      readonly credential: Credential;
      readonly email?: string;
      /** The vendor's own id of the account. */
      readonly accountId?: string;
      /** For everything but keys. */
      readonly login?: StoredLogin;
      readonly grantedScopes?: readonly string[];
    }
  /** A person makes a key on that page; it was told as a `page` event and, where a browser can be shown, opened. Ask for the key. */
  | { readonly kind: "key_page"; readonly url: string }
  /** The program is logged in and keeps the login; `isChecked` is false where it offers no way to ask. */
  | { readonly kind: "delegated"; readonly program: string; readonly isChecked: boolean };

/** Where the browser comes back to, unless the registration prescribes it. */
export const USUAL_REDIRECT = { host: "127.0.0.1", path: "/callback" } as const;

export const USUAL_PATIENCE_MS = 15 * 60_000;
