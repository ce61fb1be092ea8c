export { acquireLock } from "../src/host/file-lock.ts";
export { changeFiles } from "../src/host/change-files.ts";
export { beside, claimName } from "../src/host/beside.ts";
export { newOwner } from "../src/host/lock-record.ts";
export { leftovers, sweep } from "../src/host/sweep.ts";
