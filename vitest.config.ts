import { defineConfig } from "vitest/config";

/** What is waited for comes at once; a machine that has other things to do may take its time. */
const PATIENT = { poll: { timeout: 20_000 } };

/** Tests stay on this machine, whatever is said of the way out of it. */
const env = Object.fromEntries(["http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"].map((name) => [name, ""]));

/** `unit`: pure code, no network, no waiting. `e2e`: the real programs against a clean HOME; they need `npm run build` first. */
export default defineConfig({
  test: {
    reporters: ["default"],
    watch: false,
    maxWorkers: 2,
    projects: [
      { test: { name: "unit", include: ["test/**/*.test.ts"], environment: "node", isolate: false, testTimeout: 30_000, expect: PATIENT, env } },
      {
        test: {
          name: "e2e",
          include: ["e2e/**/*.test.ts"],
          environment: "node",
          testTimeout: 120_000,
          hookTimeout: 120_000,
          maxConcurrency: 3,
          expect: PATIENT,
          env,
        },
      },
    ],
  },
});
