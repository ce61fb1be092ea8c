export const SPEND_GROUPINGS = ["day", "client", "model", "profile"] as const;

/** `day` is UTC's. A failed attempt counts for the model and the account that failed, whoever answered in the end. */
export type SpendGrouping = (typeof SPEND_GROUPINGS)[number];
