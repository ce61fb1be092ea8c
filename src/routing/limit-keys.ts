import { refText } from "../catalog/model-ref.ts";
import { parseRef, unknownProvider } from "../catalog/resolve.ts";
import { keyPathText } from "../config/key-path.ts";
import type { KeyPath, LoadedConfig } from "../config/loaded-config.ts";
import type { Problem } from "../kernel/problem.ts";
import type { ProviderRegistry } from "../provider/registry.ts";

export type IdOf = Pick<ProviderRegistry, "idOf">;

/** By `provider/model` or `provider/*` as the router says them, however they are written. Of two that mean the same the smaller sum counts. */
export function usdByRef(written: Readonly<Record<string, number>>, registry: IdOf): ReadonlyMap<string, number> {
  const sums = new Map<string, number>();
  for (const [key, usd] of Object.entries(written)) {
    const ref = parseRef(key, registry);
    if (ref !== undefined) sums.set(refText(ref), Math.min(usd, sums.get(refText(ref)) ?? usd));
  }
  return sums;
}

export function hoursByProvider(written: Readonly<Record<string, number>>, { idOf }: IdOf): ReadonlyMap<string, number> {
  return new Map(Object.entries(written).map(([provider, hours]) => [idOf(provider), hours]));
}

/** Keys of limits that name no model and no provider: what they limit is limited by nothing. */
export function limitKeyProblems(config: LoadedConfig, registry: ProviderRegistry): Problem[] {
  const { dailyUsd = {} } = config.value.signalbox?.routing ?? {};
  const { billingBackoffHoursByProvider = {} } = config.value.auth?.cooldowns ?? {};
  const row = (path: KeyPath, severity: Problem["severity"], fault: Fault | undefined): Problem[] => {
    if (fault === undefined) return [];
    const place = config.placeOf(path);
    return [
      {
        code: "REF_BROKEN",
        severity,
        subject: keyPathText(path.slice(0, -1)),
        message: `${keyPathText(path)} limits nothing: ${fault.message}`,
        hint: fault.hint,
        ...(place !== undefined && { place }),
      },
    ];
  };
  return [
    ...Object.keys(dailyUsd).flatMap((key) => row(["signalbox", "routing", "dailyUsd", key], "error", refFault(key, registry))),
    ...Object.keys(billingBackoffHoursByProvider).flatMap((key) =>
      row(["auth", "cooldowns", "billingBackoffHoursByProvider", key], "warning", providerFault(key, registry)),
    ),
  ];
}

type Fault = Pick<Problem, "message" | "hint">;

function refFault(key: string, registry: ProviderRegistry): Fault | undefined {
  const ref = parseRef(key, registry);
  const hint = "Write provider/model, or provider/* for all models of a provider.";
  if (ref === undefined) return { message: "it names no model", hint };
  if (ref.model !== "*" && ref.model.includes("*")) return { message: "* stands for all models of a provider, and not for a part of a name", hint };
  return providerFault(ref.provider, registry);
}

function providerFault(provider: string, registry: ProviderRegistry): Fault | undefined {
  const id = registry.idOf(provider);
  return registry.get(id) === undefined ? unknownProvider(id, registry) : undefined;
}
