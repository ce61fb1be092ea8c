import { describe, expect, test } from "vitest";
import type { CatalogEntry } from "../../src/catalog/catalog.ts";
import type { StatedFacts } from "../../src/catalog/readings.ts";
import { toModelId, toProviderId } from "../../src/kernel/ids.ts";
import type { ProtocolId } from "../../src/provider/protocol-id.ts";
import { type PlannedModel, planModel } from "../../src/probe/plan-scan.ts";
import { candidateOf } from "../../src/probe/scan-candidate.ts";
import { defineProvider } from "../../src/provider/provider.ts";

interface Given {
  readonly id?: string;
  readonly facts?: StatedFacts;
  readonly protocol?: ProtocolId;
  readonly baseUrl?: string | undefined;
}

function planned({ id = "m", facts = {}, protocol, baseUrl = "https://lab.example/v1" }: Given): PlannedModel {
  const provider = defineProvider({
    ...{ id: "lab", label: "Lab", protocol: "openai-chat", auth: [], docs: "", quirks: {}, source: { url: "", checkedOn: "2026-11-21" } },
    baseUrl: baseUrl === "" ? undefined : baseUrl,
  });
  const offer = { target: { provider, isLocal: false, isGuess: false }, server: undefined, model: { id, facts }, details: {} };
  const entry: CatalogEntry = {
    spec: { provider: toProviderId(provider.id), id: toModelId(id), name: id, ...(protocol !== undefined && { protocol }) },
    ...{ knows: "facts", origin: "embedded", readings: {} },
  };
  return planModel(candidateOf(offer, {}), { entry, account: {} });
}

const kinds = ({ tests }: PlannedModel): string =>
  tests.map((one) => `${one.name} ${one.kind === "asked" ? new URL(one.request.url).pathname : (one.why?.reason ?? "skipped")}`).join(", ");
const costs = ({ tests }: PlannedModel): unknown => tests.map((one) => (one.kind === "asked" ? one.mostUsd : null));

describe("the requests for a model", () => {
  test("are one a test, in its provider's way", () => {
    expect(kinds(planned({ facts: { input: ["text", "image"] } }))).toBe(
      "tool /v1/chat/completions, image /v1/chat/completions, json /v1/chat/completions, stream /v1/chat/completions",
    );
  });

  test("go its own way where the catalogue knows one; what its format cannot carry is not asked", () => {
    expect(kinds(planned({ protocol: "anthropic-messages" }))).toBe("tool /v1/messages, image unstated, json unsupported, stream /v1/messages");
    expect(kinds(planned({ protocol: "openai-responses", facts: { input: ["text"] } }))).toBe(
      "tool /v1/responses, image skipped, json /v1/responses, stream /v1/responses",
    );
  });

  test("are none without an address", () => {
    expect(kinds(planned({ baseUrl: "", facts: { input: ["text", "image"] } }))).toBe(
      "tool unaddressed, image unaddressed, json unaddressed, stream unaddressed",
    );
  });
});

describe("the most that they cost", () => {
  test("of a free model is nothing, also where nobody states a price", () => {
    expect(costs(planned({ id: "m:free" }))).toEqual([0, null, 0, 0]);
  });

  test("of a model without a price is not known", () => {
    expect(costs(planned({}))).toEqual([undefined, null, undefined, undefined]);
  });

  test("is a token for each byte in, and all the room out", () => {
    const plan = planned({ facts: { usdPerMTok: { input: 1, output: 10 }, reasoning: false } });
    const [tool] = plan.tests;
    const bytes = tool?.kind === "asked" ? (tool.request.body ?? "").length : 0;
    expect([bytes > 100, tool?.kind === "asked" && tool.mostUsd]).toEqual([true, (bytes + 2560) / 1e6]);
  });
});
