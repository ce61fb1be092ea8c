import type { Talk } from "./talk.ts";

/** What stands in the browser's address bar at the end; a login without a browser on this machine comes back this way. */
export async function askPasted(talk: Talk, signal?: AbortSignal): Promise<string> {
  const given = await talk.askSecret("Paste the address that your browser ended at, or the code that it shows", signal === undefined ? {} : { signal });
  return given.reveal();
}
