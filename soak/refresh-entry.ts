export { loadConfig } from "../src/config/load.ts";
export { readAuthStore } from "../src/credentials/auth-store.ts";
export { freshCredential } from "../src/credentials/refresh/fresh-credential.ts";
export { nodeHost } from "../src/host/node.ts";
export { toProviderId } from "../src/kernel/ids.ts";
