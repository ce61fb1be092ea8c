import { at } from "../kernel/json-value.ts";
import { keepDigits } from "../protocols/exact-json.ts";
import type { Begun } from "../protocols/server-protocol.ts";
import { serverProtocols } from "../protocols/servers.ts";
import { boundField } from "../protocols/translation.ts";
import { continued, type GoingOn } from "../routing/continue.ts";
import type { Relayed } from "../routing/relay-call.ts";
import type { Ran, Refusal } from "../routing/run-types.ts";
import { askToGoOn } from "./ask-to-go-on.ts";
import type { Asked, Inference, Understood } from "./asked.ts";
import { HEART_BEAT, streamEnds, takenOver } from "./dialect.ts";
import type { Generation } from "./generation.ts";
import type { ReadBody } from "./request-body.ts";
import { tellAbandoned } from "./tell-failure.ts";
import { tryCandidate } from "./try-candidate.ts";

/** Whether a stream that breaks off is to go on. What was asked is looked at only once it has. */
export function isToGoOn({ endpoint }: Inference, body: ReadBody, { limits }: Generation): boolean {
  return limits.onCut === "continue" && body.streams && endpoint.mayStream && endpoint.awaits === "answer";
}

/** The same answer, its stream with what another candidate adds where it breaks off. */
export function continuing(ran: Ran<Relayed>, asked: Asked): Ran<Relayed> {
  if (ran.kind !== "opened") return ran;
  const { inference, body, shared } = asked;
  const { endpoint, requestId } = inference;
  const { dialect } = endpoint;
  const value = continued({
    dialect,
    ran,
    host: shared.host,
    ledger: shared.routing.ledger,
    after: shared.machine.after,
    goOn: (begun, before) => goOn(begun, before, asked),
    writerOf: (begun) => {
      const { id, model, createdSeconds } = begun;
      const wantsUsage = at(body.value, "stream_options", "include_usage") === true;
      return serverProtocols[dialect].createWriter({ id, model, createdSeconds, wantsUsage }, begun);
    },
    tell: {
      stillAsking: HEART_BEAT,
      takenOver,
      error: (failure, more) => streamEnds(dialect, requestId, (of) => tellAbandoned(of, more)).error(failure),
    },
  });
  return { ...ran, value };
}

function goOn(begun: Begun, before: readonly Refusal[], asked: Asked): Promise<Ran<GoingOn>> | undefined {
  const { route, generation, needs, shared, inference } = asked;
  const understood = continuable(asked);
  if (understood === undefined) return undefined;
  const tryOne = askToGoOn(asked, understood, begun);
  const { renew } = tryCandidate(asked);
  return shared.routing.answer(route, generation.factsOf(route.agentId), needs, { tryOne, renew, before, signal: inference.signal, opens: "streams" });
}

/** undefined where text alone is not all that was asked for, or the vendor keeps something under the answer's id. */
function continuable({ inference, body, understood }: Asked): Understood | undefined {
  const { dialect } = inference.endpoint;
  if (body.choices > 1 || body.value["logprobs"] === true) return undefined;
  if (dialect === "openai-responses" && body.value["store"] !== false) return undefined;
  const reading = understood ?? serverProtocols[dialect].readRequest(keepDigits(body.text, body.value));
  if ("field" in reading) return undefined;
  const { chat } = reading;
  const isShaped = chat.output !== undefined || chat.extras?.[dialect]?.["response_format"] !== undefined;
  return isShaped || boundField(chat, "") !== undefined ? undefined : reading;
}
