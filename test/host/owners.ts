import { spawnSync } from "node:child_process";
import { newOwner, type Owner } from "../../src/host/lock-record.ts";

/** The owner of a lock whose process has ended. */
export function deadOwner(token = "deadlocktokn"): Owner {
  const { pid } = spawnSync(process.execPath, ["--version"]);
  return { ...newOwner("models set"), pid, thread: pid, token };
}

/** A container, or another machine: its numbers mean nothing here. */
export function foreignOwner(token = "foreigntoken"): Owner {
  return { ...newOwner("models set"), hostname: "elsewhere", token };
}

/** The process that runs these tests was started by this one, which so lives as long. */
export function livingOwner(token = "livingtoken1"): Owner {
  return { ...newOwner("models set"), pid: process.ppid, thread: process.ppid, start: "", token };
}
