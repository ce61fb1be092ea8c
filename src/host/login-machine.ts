import { unlinkSync } from "node:fs";
import type { LoginMachine } from "../kernel/login-machine.ts";
import { listenOnce } from "./callback-listener.ts";
import { errnoOf } from "./errno.ts";
import { isBrowserWithin, openBrowser } from "./open-browser.ts";

/** This machine, as a login needs it. */
export const nodeLogin: LoginMachine = {
  randomToken: (bytes) => process.getBuiltinModule("node:crypto").randomBytes(bytes).toString("base64url"),
  challengeOf: (verifier) => process.getBuiltinModule("node:crypto").createHash("sha256").update(verifier, "ascii").digest("base64url"),
  listen: listenOnce,
  get canShowBrowser() {
    return isBrowserWithin(process);
  },
  openBrowser: (url) => openBrowser(url, process),
  remove: (path) => {
    try {
      unlinkSync(path);
    } catch (thrown) {
      if (errnoOf(thrown) === undefined) throw thrown;
    }
  },
};
