/** The library's door. It grows with the engine; what is exported here stays. */
export { type Brand, brands, defineBrand } from "./brand.ts";
export { type Broker, type BrokerOptions, openBroker } from "./broker.ts";
export { AppError, ERRORS, type ErrorCode, EXIT } from "./kernel/errors.ts";
export type { Host } from "./kernel/host.ts";
export type { Problem } from "./kernel/problem.ts";
export { defineProvider, type Provider } from "./provider/provider.ts";
