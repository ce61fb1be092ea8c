/** What a login asks of the machine besides the rest. */
export interface LoginMachine {
  /** So many random bytes as base64url: nobody guesses it. */
  randomToken(bytes: number): string;
  /** PKCE S256 (RFC 7636, 4.2): base64url of the SHA-256 of the verifier's ASCII bytes. */
  challengeOf(verifier: string): string;
  /** Waits for one redirect on the loopback address. Throws LOGIN_LISTEN_FAILED when the port is taken. */
  listen(options: CallbackOptions): Promise<CallbackListener>;
  /** Somebody at this machine could see a page: no SSH, no container, a display. */
  readonly canShowBrowser: boolean;
  /** Asks the system to show a page; false when it could not be asked. `url` begins with https:// or http://. */
  openBrowser(url: string): Promise<boolean>;
  /** Takes away a file of our own; no word when it is gone already, or cannot be taken away. */
  remove(path: string): void;
}

export interface CallbackOptions {
  /** An address literal, or the name that the vendor's registration prescribes. */
  readonly host: "127.0.0.1" | "[::1]" | "localhost";
  /** undefined: any that is free. */
  readonly port?: number;
  /** Exactly this, for example "/callback". */
  readonly path: string;
  /** Exactly this, where the vendor sends it back. Another one is answered and counts as no hit. */
  readonly state?: string;
}

/** One shot: it closes after the first request that counts, or when it is told to. */
export interface CallbackListener {
  readonly redirectUri: string;
  /** The query of the request that counts. Never resolves when it is closed before. */
  readonly hit: Promise<ReadonlyMap<string, string>>;
  close(): Promise<void>;
}
