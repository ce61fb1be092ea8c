import type { Problem } from "../kernel/problem.ts";
import type { Provider } from "./provider.ts";

/** The built-in vendors, with what a start asks of all of them beside what is asked of one: the build makes it from a file that is read piece by piece. */
export interface VendorTable {
  readonly ids: readonly string[];
  /** Other spelling → id. */
  readonly aliases: ReadonlyMap<string, string>;
  /** Environment variable → ids of the vendors that know it. */
  readonly variables: ReadonlyMap<string, readonly string[]>;
  /** Of what the vendor files say twice. Empty for our own: their contract test sees to it. */
  readonly problems: readonly Problem[];
  vendor(id: string): Provider | undefined;
}

export function vendorTable(vendors: readonly Provider[]): VendorTable {
  const byId = new Map<string, Provider>();
  const problems: Problem[] = [];
  for (const vendor of vendors) {
    if (!byId.has(vendor.id)) byId.set(vendor.id, vendor);
    else problems.push(duplicateProvider(`provider ${vendor.id}`, `two built-in providers have the id "${vendor.id}"; the first counts`));
  }
  const aliases = aliasesOf(vendors, byId, problems);
  const variables = new Map<string, string[]>();
  for (const vendor of byId.values()) {
    for (const variable of variablesKnownBy(vendor)) variables.set(variable, [...(variables.get(variable) ?? []), vendor.id]);
  }
  return { ids: [...byId.keys()], aliases, variables, problems, vendor: (id) => byId.get(id) };
}

/** Each once, in the vendor's order. */
export function variablesKnownBy(vendor: Provider | undefined): string[] {
  return [...new Set((vendor?.auth ?? []).flatMap((method) => ("env" in method ? method.env : [])))];
}

/** An alias that is also an id, or another's alias, leads where it led before. */
function aliasesOf(vendors: readonly Provider[], byId: ReadonlyMap<string, Provider>, problems: Problem[]): Map<string, string> {
  const aliases = new Map<string, string>();
  for (const vendor of vendors) {
    for (const alias of vendor.aliases ?? []) {
      const owner = byId.has(alias) ? alias : aliases.get(alias);
      if (owner === undefined) aliases.set(alias, vendor.id);
      else problems.push(duplicateProvider(`provider ${vendor.id}`, `its alias "${alias}" already means ${owner}`));
    }
  }
  return aliases;
}

export function duplicateProvider(subject: string, message: string): Problem {
  return { code: "PLUGIN_DUPLICATE", severity: "warning", subject, message, hint: "See `{cli} plugins list --verbose` for who brings what." };
}
