import { Agent, request as httpRequest } from "node:http";

const PATHS = ["/v1/chat/completions", "/v1/chat/completions", "/v1/messages", "/v1/responses"];
/** A stream of each format is whole when it holds this. */
const ENDS = { "/v1/chat/completions": "[DONE]", "/v1/messages": "message_stop", "/v1/responses": "response.completed" };

/** So many requests a second of every kind, of which some go away in the middle. What comes of each is told to `over`. */
export function startClient({ url, key, rate, aborts, models, over }) {
  const agent = new Agent({ keepAlive: true });
  const { hostname, port } = new URL(url);
  const started = performance.now();
  let number = 0;
  let underWay = 0;
  let sentAgain = 0;
  const timer = setInterval(() => {
    const due = ((performance.now() - started) / 1000) * rate;
    while (number < due) one(number++);
  }, 10);
  const one = (mine) => {
    const path = PATHS[mine % PATHS.length];
    const streams = Math.random() < 0.6;
    const body = JSON.stringify(bodyFor(path, models[mine % models.length], streams, mine));
    const headers = { authorization: `Bearer ${key}`, "content-type": "application/json", "content-length": Buffer.byteLength(body) };
    const leaves = Math.random() < aborts;
    let isOver = false;
    underWay++;
    const end = (result) => {
      if (isOver) return;
      isOver = true;
      underWay--;
      over({ number: mine, path, streams, ...result });
    };
    let request;
    const send = (time) => {
      request = httpRequest({ agent, hostname, port, path, method: "POST", headers }, (answer) => {
        let text = "";
        answer.setEncoding("utf8").on("data", (piece) => (text += piece));
        const done = (isCut) =>
          end({
            kind: leaves && isCut ? "left" : "answered",
            status: answer.statusCode,
            attempts: Number(answer.headers["x-signalbox-attempts"]),
            text,
            isWhole: isWhole(path, streams, text, isCut),
          });
        answer.on("end", () => done(false)).on("error", () => done(true));
      });
      request.on("error", (error) => {
        if (leaves) return end({ kind: "left" });
        // A connection that was kept may be closed at the very moment when it is used again: every client sends such a request anew.
        if (time > 1 || !request.reusedSocket || error.code !== "ECONNRESET") return end({ kind: "lost", text: String(error) });
        sentAgain++;
        send(time + 1);
      });
      request.end(body);
    };
    send(1);
    if (leaves) setTimeout(() => request.destroy(), Math.random() * 150);
  };
  return {
    get sent() {
      return number;
    },
    /** Requests on a connection that was being closed. */
    get sentAgain() {
      return sentAgain;
    },
    get underWay() {
      return underWay;
    },
    stop: () => clearInterval(timer),
    close: () => agent.destroy(),
  };
}

/** What each carries of its number arrives also where it is translated. */
function bodyFor(path, model, stream, number) {
  const said = `soak-${number} ${"x".repeat(500 + (number % 50) * 100)}`;
  const common = { model, ...(stream && { stream }), ...(number % 10 === 0 && { user: `talk-${number % 200}` }) };
  if (path === "/v1/responses") return { ...common, input: said };
  const { user: _, ...plain } = common;
  return path === "/v1/messages"
    ? { ...plain, max_tokens: 100, messages: [{ role: "user", content: said }] }
    : { ...common, messages: [{ role: "user", content: said }] };
}

function isWhole(path, streams, text, isCut) {
  if (isCut) return false;
  if (!streams) return text.endsWith("}");
  return text.includes(ENDS[path]) && !/"error":\s*\{|event: error|response\.failed/.test(text);
}
