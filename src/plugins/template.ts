import type { PackageFiles } from "../kernel/plugin-machine.ts";
import { NEUTRAL_MANIFEST } from "./candidates.ts";

/** What `plugins create` writes: a plugin that is whole, but for the vendor's own address. */
export function templateFiles(id: string, kind: "data" | "program"): PackageFiles {
  const texts: [string, string][] = [
    [NEUTRAL_MANIFEST, `${JSON.stringify(manifest(id, kind), undefined, 2)}\n`],
    ["package.json", `${JSON.stringify({ name: `signalbox-plugin-${id}`, version: "0.1.0", keywords: ["signalbox-plugin"] }, undefined, 2)}\n`],
    ...(kind === "program" ? [["main.mjs", program(id)] as [string, string]] : []),
  ];
  return new Map(texts.map(([path, text]) => [path, { bytes: new TextEncoder().encode(text), isProgram: false }]));
}

function manifest(id: string, kind: "data" | "program"): unknown {
  return {
    id,
    version: "0.1.0",
    description: `Brings the provider ${id}`,
    ...(kind === "program" && { program: { command: ["node", "./main.mjs"], verbs: ["describe", "models"] } }),
    providers: [
      {
        id,
        label: id,
        baseUrl: `https://api.${id}.example/v1`,
        protocol: "openai-chat",
        env: [`${id.toUpperCase().replace(/[^A-Z0-9]/g, "_")}_API_KEY`],
        models: [{ id: "example-model", contextTokens: 128_000 }],
      },
    ],
  };
}

function program(id: string): string {
  return `// Asked with one line of JSON on stdin; answers with one JSON object on stdout. Nothing else may be printed there.
import { text } from "node:stream/consumers";

const { verb, credential, step, handle } = JSON.parse(await text(process.stdin));
const verbs = {
  describe: () => ({ id: ${JSON.stringify(id)}, verbs: ["describe", "models"], providers: [{ id: ${JSON.stringify(id)} }] }),
  // Ask the vendor here; \`credential\` is { kind, value }, or null.
  models: () => ({ models: [{ id: "example-model", contextTokens: 128000 }] }),
  // Three more; what you answer has to stand under "verbs" above and in the manifest.
  // usage: () => ({ windows: [{ label: "day", used: 25, limit: 100, unit: "requests" }], balances: [{ amount: 3.5, currency: "USD" }] }),
  // login: () => (step === "begin" ? { page: { url: "https://…", userCode: "ABCD-1234" }, handle: "…" } : { pending: true }),
  // refresh: () => ({ credential: { kind: "oauth", value: "…", refresh: "…", expiresInSeconds: 3600 } }),
};
console.log(JSON.stringify(await verbs[verb]()));
`;
}
