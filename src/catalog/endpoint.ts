import type { Provider } from "../provider/provider.ts";
import type { CatalogEntry } from "./catalog.ts";

/** Where a model is asked, and in which format: as it states itself, else as its provider. `entry`: undefined for a model that no list has. */
export function endpointOf(provider: Provider, entry: CatalogEntry | undefined): Pick<Provider, "protocol" | "baseUrl"> {
  return { protocol: entry?.spec.protocol ?? provider.protocol, baseUrl: entry?.spec.baseUrl ?? provider.baseUrl };
}
