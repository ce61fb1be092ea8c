import { hash, randomBytes, timingSafeEqual } from "node:crypto";
import type { ServerMachine, StopCause } from "../kernel/server-machine.ts";
import { LONGEST_TIMER_MS } from "../kernel/stop-signal.ts";
import { flushLog, log } from "./log-lines.ts";
import { serve } from "./serve.ts";

/** This machine, as a gateway needs it. */
export const nodeServer: ServerMachine = {
  serve,
  randomToken,
  digest: (text) => hash("sha256", text),
  isSameDigest,
  stopAsked,
  after: (ms, act) => {
    const timer = setTimeout(act, Math.min(LONGEST_TIMER_MS, ms)).unref();
    return () => clearTimeout(timer);
  },
  log,
  flushLog,
  memoryBytes: () => process.memoryUsage.rss(),
  get pid() {
    return process.pid;
  },
};

/** Takes as long wherever the first difference is. */
function isSameDigest(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one, "latin1"), Buffer.from(other, "latin1")];
  return a.length === b.length && timingSafeEqual(a, b);
}

const POOL_BYTES = 4096;
let pool = Buffer.alloc(0);
let used = 0;

/** One question to the system for many tokens. No byte is given out twice. */
function randomToken(bytes: number): string {
  if (used + bytes > pool.length) [pool, used] = [randomBytes(Math.max(POOL_BYTES, bytes)), 0];
  const token = pool.toString("base64url", used, used + bytes);
  pool.fill(0, used, used + bytes);
  used += bytes;
  return token;
}

function stopAsked(): Promise<StopCause> {
  return new Promise((resolve) => {
    let isAsked = false;
    const onSignal = (): void => {
      if (isAsked) {
        flushLog();
        process.exit(0);
      }
      isAsked = true;
      resolve({ kind: "signal" });
    };
    process.on("SIGTERM", onSignal).on("SIGINT", onSignal);
    const onFault = (error: unknown): void => resolve({ kind: "fault", error });
    process.on("uncaughtException", onFault).on("unhandledRejection", onFault);
  });
}
