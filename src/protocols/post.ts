import type { HttpRequest } from "../kernel/http.ts";
import { writeExact } from "./exact-json.ts";

/** A JSON request. What is undefined in the body is not sent. The answer is wanted as it is: nobody unpacks it. */
export function post(url: string, body: object, headers: Readonly<Record<string, string>> = {}): HttpRequest {
  return {
    method: "POST",
    url,
    headers: { "content-type": "application/json", accept: "application/json", "accept-encoding": "identity", ...headers },
    body: writeExact(body),
  };
}

export const STREAMED = { accept: "text/event-stream" } as const;
