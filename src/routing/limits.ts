import type { LoadedConfig } from "../config/loaded-config.ts";
import { toProviderId } from "../kernel/ids.ts";
import { READ_LIMITS, type ReadLimits } from "../protocols/protocol.ts";
import { hoursByProvider, type IdOf, usdByRef } from "./limit-keys.ts";

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const MIB = 1024 * 1024;

/** A number that a config may state, what counts where it does not, and what it means. */
export interface NumberRow {
  readonly standard: number;
  readonly means: string;
}

/** Every limit of a call, by section and key of the config. The schema and the docs say the same. */
export const STANDARD = {
  "gateway.timeouts": {
    connectMs: { standard: 10 * SECOND, means: "name, connection and TLS, of each attempt" },
    firstByteMs: {
      standard: 60 * SECOND,
      means: "from the request to the headers of the answer; 300000 for a model that reasons, 120000 for an answer in one piece",
    },
    firstTokenMs: { standard: 60 * SECOND, means: "from the request to the first content; 300000 for a model that reasons, 120000 for an answer in one piece" },
    idleMs: { standard: 60 * SECOND, means: "between two pieces of an answer" },
    totalMs: { standard: 30 * MINUTE, means: "a whole answer" },
    attemptsMs: { standard: 120 * SECOND, means: "all attempts of one request together, up to the first content; never less than one attempt may take" },
  },
  "gateway.limits": {
    concurrency: { standard: 32, means: "requests that are answered at the same time" },
    queue: { standard: 64, means: "requests that wait for their turn; more are refused" },
    connections: { standard: 256, means: "connections of clients" },
    bodyBytes: { standard: 32 * MIB, means: "the body of a request" },
    streamBytes: { standard: 256 * MIB, means: "one streamed answer" },
    attempts: { standard: 6, means: "attempts of one request" },
    attemptsPerProvider: { standard: 3, means: "attempts of one request at one provider" },
  },
  "auth.cooldowns": {
    rateLimitSeconds: { standard: 5, means: "first rest of an account at a model after a rate limit, where the vendor names none; it doubles up to 5 minutes" },
    overloadSeconds: { standard: 1, means: "first rest of a model whose vendor is overloaded; it doubles up to 1 minute" },
    networkSeconds: { standard: 5, means: "first rest of an address that fails again and again; it doubles up to 1 minute" },
    billingBackoffHours: { standard: 5, means: "first rest of an account that has nothing left to pay with; it doubles" },
    billingMaxHours: { standard: 24, means: "the longest rest of such an account" },
    failureWindowHours: { standard: 24, means: "after this long without a failure counting begins anew" },
  },
  "signalbox.routing": {
    reservePercent: { standard: 5, means: "an account with no more than this left of a usage window comes last" },
  },
} as const satisfies Readonly<Record<string, Readonly<Record<string, NumberRow>>>>;

type Numbers<Section extends keyof typeof STANDARD> = { readonly [K in keyof (typeof STANDARD)[Section]]: number };

export type Timeouts = Numbers<"gateway.timeouts">;
export type GatewayLimits = Numbers<"gateway.limits">;

export interface CooldownSettings extends Numbers<"auth.cooldowns"> {
  readonly billingBackoffHoursByProvider: ReadonlyMap<string, number>;
}

export interface RoutingSettings extends Numbers<"signalbox.routing"> {
  /** No fallback that costs money is asked. */
  readonly neverPaid: boolean;
  /** US dollars a day (UTC), by `provider/model` or `provider/*`. */
  readonly dailyUsd: ReadonlyMap<string, number>;
}

/** What the config says, and the standard for the rest. */
export interface Limits {
  readonly timeouts: Timeouts;
  /** Timeouts that somebody wrote: they hold for every model. */
  readonly written: ReadonlySet<keyof Timeouts>;
  readonly gateway: GatewayLimits;
  /** How much of an answer is read. */
  readonly reading: ReadLimits;
  readonly cooldowns: CooldownSettings;
  readonly routing: RoutingSettings;
  readonly onCut: "error" | "continue";
  readonly translation: TranslationSetting;
  readonly reasoning: ReasoningSetting;
}

/** What becomes of a request that loses something in another wire format: `name`: it is sent, and what is lost is named. */
export type TranslationSetting = "name" | "refuse" | "off";

/** What becomes of reasoning that another route signed, or that the format has no place for. */
export type ReasoningSetting = "drop" | "text";

/** Names of providers are as the registry knows them; what of `dailyUsd` names none is left out, and `limitKeyProblems` says so. */
export function configuredLimits({ value }: Pick<LoadedConfig, "value">, registry: IdOf): Limits {
  const { auth, gateway, signalbox } = value;
  const { neverPaid = false, dailyUsd = {} } = signalbox?.routing ?? {};
  const ofGateway = numberRows(STANDARD["gateway.limits"], gateway?.limits);
  return {
    timeouts: numberRows(STANDARD["gateway.timeouts"], gateway?.timeouts),
    written: writtenIn(gateway?.timeouts),
    gateway: ofGateway,
    reading: { ...READ_LIMITS, streamBytes: ofGateway.streamBytes },
    cooldowns: {
      ...numberRows(STANDARD["auth.cooldowns"], auth?.cooldowns),
      billingBackoffHoursByProvider: hoursByProvider(auth?.cooldowns?.billingBackoffHoursByProvider ?? {}, registry),
    },
    routing: { ...numberRows(STANDARD["signalbox.routing"], signalbox?.routing), neverPaid, dailyUsd: usdByRef(dailyUsd, registry) },
    onCut: gateway?.streams?.onCut ?? "error",
    translation: gateway?.translation ?? "name",
    reasoning: gateway?.reasoning ?? "drop",
  };
}

/** Where no config was read. */
export const STANDARD_LIMITS: () => Limits = () => configuredLimits({ value: {} }, { idOf: toProviderId });

function writtenIn(timeouts: Partial<Timeouts> | undefined = {}): ReadonlySet<keyof Timeouts> {
  const keys = Object.keys(STANDARD["gateway.timeouts"]) as (keyof Timeouts)[];
  return new Set(keys.filter((key) => timeouts[key] !== undefined));
}

/** The standard numbers of a section, with those that were written in their place. */
function numberRows<Rows extends Readonly<Record<string, NumberRow>>>(
  rows: Rows,
  written: { readonly [K in keyof Rows]?: number | undefined } = {},
): { readonly [K in keyof Rows]: number } {
  const numbers = Object.entries(rows).map(([key, { standard }]) => [key, written[key] ?? standard]);
  return Object.fromEntries(numbers);
}
