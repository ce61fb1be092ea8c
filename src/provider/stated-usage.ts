/** How a vendor is asked for what is left, as a plugin states it: one GET with the account's credential at the provider's own host. */
export interface StatedUsage {
  readonly address: { readonly below: "baseUrl" | "origin"; readonly path: string };
  readonly windows: readonly StatedWindow[];
  readonly balances: readonly StatedBalance[];
}

/** Fields are names with dots between them, from `in` or an item of `each`. Of `used`, `limit` and `remaining` two are enough where no share is stated. */
export interface StatedWindow {
  readonly label: string;
  readonly in?: string;
  readonly each?: string;
  readonly labelAt?: string;
  readonly usedPercent?: string;
  readonly remainingPercent?: string;
  readonly used?: string;
  readonly limit?: string;
  readonly remaining?: string;
  readonly unit?: string;
  readonly resetsAt?: string;
}

export interface StatedBalance {
  readonly each?: string;
  readonly amount: string;
  readonly currency: string;
}
