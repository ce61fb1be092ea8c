import type { Host } from "../kernel/host.ts";
import type { Problem } from "../kernel/problem.ts";

export interface ShellReading {
  readonly values: ReadonlyMap<string, string>;
  readonly problem?: Problem;
}

export const DEFAULT_SHELL_TIMEOUT_MS = 15_000;
const LARGEST_BYTES = 1024 * 1024;

/** The only variables that are taken over from the login shell. If one of them is set anyway, the shell is not asked. */
export function expectedVariables(envPrefix: string): readonly string[] {
  return [
    "OPENAI_API_KEY",
    "ANTHROPIC_API_KEY",
    "ANTHROPIC_OAUTH_TOKEN",
    "GEMINI_API_KEY",
    "ZAI_API_KEY",
    "OPENROUTER_API_KEY",
    "AI_GATEWAY_API_KEY",
    "MINIMAX_API_KEY",
    "SYNTHETIC_API_KEY",
    "ELEVENLABS_API_KEY",
    "TELEGRAM_BOT_TOKEN",
    "DISCORD_BOT_TOKEN",
    "SLACK_BOT_TOKEN",
    "SLACK_APP_TOKEN",
    `${envPrefix}_GATEWAY_TOKEN`,
    `${envPrefix}_GATEWAY_PASSWORD`,
  ];
}

/** Runs the login shell once, for as long as `timeoutMs`, and picks the named variables out of what it prints. */
export function askLoginShell(host: Host, names: readonly string[], timeoutMs: number): ShellReading {
  const shell = shellPath(host);
  const result = host.run(shell, ["-l", "-c", "env -0"], { timeoutMs, maxBytes: LARGEST_BYTES });
  if (result.exitCode !== 0) {
    const why = result.failure ?? `exit code ${result.exitCode}`;
    return {
      values: new Map(),
      problem: {
        code: "SHELL_ENV_FAILED",
        severity: "warning",
        subject: shell,
        message: `the login shell gave no environment: ${why}`,
        hint: `Run \`${shell} -l -c true\` to see what it says, or turn env.shellEnv off.`,
      },
    };
  }
  const values = new Map<string, string>();
  for (const entry of result.stdout.split("\0")) {
    const equals = entry.indexOf("=");
    const name = entry.slice(0, Math.max(0, equals));
    if (names.includes(name) && entry.length > equals + 1) values.set(name, entry.slice(equals + 1));
  }
  return { values };
}

function shellPath(host: Host): string {
  const shell = host.env["SHELL"]?.trim();
  return shell !== undefined && host.paths.isAbsolute(shell) ? shell : "/bin/sh";
}
