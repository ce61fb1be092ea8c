import { refText } from "../catalog/model-ref.ts";
import { whenThere } from "../kernel/soon.ts";
import type { Candidate } from "../routing/failover-plan.ts";
import type { Relayed } from "../routing/relay-call.ts";
import type { Tried, TryFacts } from "../routing/run-types.ts";
import type { FittedBody, SignedBody } from "../routing/signed-body.ts";
import { askWithBody, type SignedFacts } from "../routing/signed-call.ts";
import { createSignedCollector, type SignedCollector } from "../routing/signed-collector.ts";
import type { Asked } from "./asked.ts";
import { firstNames } from "./request-event.ts";
import type { Endpoint } from "./routes.ts";
import { type BodyParsed, parseBody, type ReadBody } from "./request-body.ts";

type Ask = (body: ReadBody, signed: SignedCollector) => Promise<Tried<Relayed>>;

/** Bytes that pass through, without the reasoning that another route signed. What the answer signs is this candidate's. */
export function askWithReasoning(candidate: Candidate, facts: TryFacts, asked: Asked, ask: Ask): Promise<Tried<Relayed>> {
  const { inference, body } = asked;
  const call = signedCall(candidate, facts, asked);
  const { dialect } = inference.endpoint;
  const learning = (sent: ReadBody): Promise<Tried<Relayed>> => {
    const signed = createSignedCollector();
    return ask(sent, signed).then((tried) => {
      if (tried.kind === "opened") void whenThere(tried.value.over, () => call.memory.learn(signed.all, candidate));
      return tried;
    });
  };
  return askWithBody(signedBody(body, dialect), call, (fitted) => (fitted === undefined ? learning(body) : askFitted(fitted, asked, learning)));
}

/** Made when it is looked into, which happens to few. */
class SignedLook implements SignedBody {
  readonly dialect: SignedBody["dialect"];
  readonly #body: ReadBody;

  constructor(body: ReadBody, dialect: SignedBody["dialect"]) {
    this.#body = body;
    this.dialect = dialect;
  }

  get text(): string {
    return this.#body.text;
  }

  get value(): SignedBody["value"] {
    return this.#body.value;
  }
}

export function signedBody(body: ReadBody, dialect: SignedBody["dialect"]): SignedBody {
  return new SignedLook(body, dialect);
}

/** Whether requests there can hold reasoning that goes back to who made it. */
export function carriesReasoning({ awaits }: Endpoint): boolean {
  return awaits !== "vectors";
}

/** What both ways of asking share. */
export function signedCall(candidate: Candidate, { signal, onRepair }: TryFacts, { generation, inference, shared }: Asked): SignedFacts {
  const { host, log } = shared;
  const onMended = (lost: readonly string[]): void => {
    const what = lost.length === 0 ? "calls that nobody signed" : firstNames(lost);
    const message = `${refText(candidate.model.ref)} did not accept ${what}, and was asked once more without (${inference.requestId})`;
    log?.({ kind: "notice", at: new Date(host.nowMs()).toISOString(), message });
  };
  return { memory: shared.routing.signed, candidate, as: generation.limits.reasoning, signal, onMended, onRepair };
}

/** The body that is sent in place of the client's own, or why none is. */
export function bodyOf({ text, lost }: FittedBody, { generation }: Asked): Extract<BodyParsed, { kind: "body" }> | Extract<Tried<never>, { kind: "withheld" }> {
  const [first] = lost;
  if (generation.limits.translation === "refuse" && generation.limits.reasoning === "drop" && first !== undefined)
    return { kind: "withheld", why: `cannot take ${first}, which another route signed (gateway.translation is refuse)` };
  const parsed = parseBody(text);
  return parsed.kind === "body" ? parsed : { kind: "withheld", why: `cannot be asked without ${first}: ${parsed.refusal.message}` };
}

async function askFitted(fitted: FittedBody, asked: Asked, ask: (body: ReadBody) => Promise<Tried<Relayed>>): Promise<Tried<Relayed>> {
  const own = bodyOf(fitted, asked);
  if (own.kind === "withheld") return own;
  const tried = await ask(own.body);
  return tried.kind === "opened" ? { kind: "opened", value: { ...tried.value, lost: [...(tried.value.lost ?? []), ...fitted.lost] } } : tried;
}
