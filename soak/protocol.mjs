import { join } from "node:path";
import { rolldown } from "rolldown";
import { root } from "../scripts/run-program.mjs";

/**
 * The file protocol of src/host as one module in `dir`, for workers that are processes of their own: any Node can load it.
 * @returns {Promise<string>} its path
 */
export async function bundleProtocol(dir) {
  const bundle = await rolldown({ input: join(root, "soak/protocol-entry.ts"), platform: "node", external: /^node:/ });
  await bundle.write({ dir, format: "esm", entryFileNames: "protocol.mjs", codeSplitting: false });
  await bundle.close();
  return join(dir, "protocol.mjs");
}
