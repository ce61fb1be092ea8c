import type { LogEvent } from "../../../gateway/log-event.ts";
import { harmless } from "../../harmless.ts";

/** One line of a log: JSON for programs, or words for a person. Nothing in it came with a request but names of models. */
export function logLine(event: LogEvent, as: "json" | "lines"): string {
  return harmless(as === "json" ? JSON.stringify(event) : words(event));
}

function words(event: LogEvent): string {
  const time = event.at.slice(11, 19);
  if (event.kind !== "request") return `${time} ${event.kind === "fault" ? "fault: " : ""}${event.message}`;
  const { client = "-", method, path, status, tookMs, asked, servedBy, attempts = [], why, outcome, firstContentMs } = event;
  const served = asked === undefined ? "" : ` ${asked}${servedBy === undefined ? "" : ` -> ${servedBy}`}`;
  const first = firstContentMs === undefined ? "" : `, first word ${Math.round(firstContentMs)}ms`;
  const after = attempts.length === 0 ? "" : ` after ${attempts.join(", ")}`;
  const said = outcome === "answered" ? "" : ` ${outcome}${why === undefined ? "" : ` (${why})`}`;
  return `${time} ${client} ${method} ${path} ${status} ${Math.round(tookMs)}ms${first}${served}${after}${said}`;
}
