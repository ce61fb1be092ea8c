import type { Host } from "../../kernel/host.ts";
import { AppError } from "../../kernel/errors.ts";
import { environmentOf } from "../../kernel/withheld-variables.ts";
import type { LoginFlow } from "../../provider/login-method.ts";
import type { LoginResult } from "./contract.ts";

type DelegateFlow = Extract<LoginFlow, { readonly kind: "delegate" }>;

const LIMITS = { timeoutMs: 30_000, maxBytes: 64 * 1024 } as const;

/** Asks the program whether somebody is logged in to it. What it prints is not looked at, and it sees no secret but its own. */
export function checkDelegate(host: Host, { program, loginArguments, checkArguments }: DelegateFlow): LoginResult {
  const login = [program, ...loginArguments].join(" ");
  if (checkArguments.length === 0) return { kind: "delegated", program, isChecked: false };
  const { exitCode, failure } = host.run(program, checkArguments, { ...LIMITS, env: environmentOf(program, host.env) });
  if (exitCode === 0) return { kind: "delegated", program, isChecked: true };
  if (failure === "ENOENT") throw notReady(`the program ${program} is not installed, or not in PATH`, `Install it, run \`${login}\`, then this command again.`);
  if (exitCode === undefined) throw notReady(`the program ${program} did not answer (${failure ?? "stopped"})`, `See what \`${login}\` says.`);
  throw notReady(`nobody is logged in to ${program}`, `Run \`${login}\`, then this command again.`);
}

function notReady(message: string, hint: string): AppError {
  return new AppError("LOGIN_FAILED", message, { hint });
}
