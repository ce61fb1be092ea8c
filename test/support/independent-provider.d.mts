export interface IndependentProvider {
  readonly url: string;
  readonly clientId: string;
  readonly confidential: { readonly clientId: string; readonly clientSecret: string };
  readonly counts: { readonly granted: number; readonly refused: number; readonly revoked: number };
  agree(page: string, login: string, userCode?: string): Promise<string>;
  close(): Promise<void>;
}

export declare function startIndependentProvider(options?: { readonly accessSeconds?: number }): Promise<IndependentProvider>;
