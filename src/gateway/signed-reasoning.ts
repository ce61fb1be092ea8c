import { refText } from "../catalog/model-ref.ts";
import type { Candidate } from "../routing/failover-plan.ts";
import type { Relayed } from "../routing/relay-call.ts";
import type { Tried, TryFacts } from "../routing/run-plan.ts";
import type { FittedBody } from "../routing/signed-body.ts";
import { askWithBody, type SignedCall } from "../routing/signed-call.ts";
import { createSignedCollector, type SignedCollector } from "../routing/signed-collector.ts";
import type { Asked } from "./asked.ts";
import type { Endpoint } from "./routes.ts";
import { parseBody, type ReadBody } from "./request-body.ts";

/** Fields in one line of the log. */
const MOST_NAMED = 5;

type Ask = (body: ReadBody, signed: SignedCollector) => Promise<Tried<Relayed>>;

/** Bytes that pass through, without the reasoning that another route signed. What the answer signs is this candidate's. */
export async function askWithReasoning(candidate: Candidate, facts: TryFacts, asked: Asked, ask: Ask): Promise<Tried<Relayed>> {
  const { inference, body } = asked;
  const { memory, as, signal, onMended } = signedCall(candidate, facts, asked);
  const { dialect } = inference.endpoint;
  const signed = createSignedCollector();
  const tried = await askWithBody(
    { dialect, text: body.text, value: body.value },
    {
      memory,
      candidate,
      as,
      signal,
      onMended,
      ask: (fitted) => (fitted === undefined ? ask(body, signed) : askFitted(fitted, asked, (other) => ask(other, signed))),
    },
  );
  if (tried.kind === "opened") void tried.value.over.then(() => memory.learn(signed.all, candidate));
  return tried;
}

/** Whether requests there can hold reasoning that goes back to who made it. */
export function carriesReasoning({ awaits }: Endpoint): boolean {
  return awaits !== "vectors";
}

/** What both ways of asking share. */
export function signedCall(candidate: Candidate, { signal }: TryFacts, { generation, inference, shared }: Asked): Omit<SignedCall<unknown, Relayed>, "ask"> {
  const { host, log } = shared;
  const onMended = (lost: readonly string[]): void => {
    const what = lost.length === 0 ? "calls that nobody signed" : lost.slice(0, MOST_NAMED).join(", ");
    const message = `${refText(candidate.model.ref)} did not accept ${what}, and was asked once more without (${inference.requestId})`;
    log({ kind: "notice", at: new Date(host.nowMs()).toISOString(), message });
  };
  return { memory: shared.routing.signed, candidate, as: generation.limits.reasoning, signal, onMended };
}

async function askFitted(fitted: FittedBody, { generation }: Asked, ask: (body: ReadBody) => Promise<Tried<Relayed>>): Promise<Tried<Relayed>> {
  const [first] = fitted.lost;
  if (generation.limits.translation === "refuse" && generation.limits.reasoning === "drop" && first !== undefined)
    return { kind: "withheld", why: `cannot take ${first}, which another route signed (gateway.translation is refuse)` };
  const parsed = parseBody(fitted.text);
  if (parsed.kind === "refused") return { kind: "withheld", why: `cannot be asked without ${first}: ${parsed.refusal.message}` };
  const tried = await ask(parsed.body);
  return tried.kind === "opened" ? { kind: "opened", value: { ...tried.value, lost: [...(tried.value.lost ?? []), ...fitted.lost] } } : tried;
}
