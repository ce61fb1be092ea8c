import { describe, expect, test } from "vitest";
import { refText } from "../../src/catalog/model-ref.ts";
import { AppError } from "../../src/kernel/errors.ts";
import { chainRow } from "../../src/status/chain-rows.ts";
import { buildExplainReport, type ExplainReport } from "../../src/status/explain.ts";
import { examine } from "../../src/status/facts.ts";
import { agentAsked } from "../../src/status/route-trace.ts";
import type { ModelTrace } from "../../src/status/trace.ts";
import { type FactsInput, keyOf, openFacts, storeOf, tokenOf } from "../credentials/open-facts.ts";
import { openRig, type Rig, type RigInput } from "../routing/routing-rig.ts";

const STORE = storeOf({
  "openai:a": keyOf("openai", "sk-openai-a"),
  "openai:b": keyOf("openai", "sk-openai-b"),
  "groq:c": keyOf("groq", "sk-groq-c"),
  "groq:spent": tokenOf("groq", 1),
  "zai:d": keyOf("zai", "sk-zai-d"),
});
const SPECS = { "openai/gpt-5": {}, "groq/llama": {}, "groq/mixtral": { usdPerMTok: { input: 0, output: 0 } }, "zai/glm": {} } as const;

interface Home {
  readonly defaults: Readonly<Record<string, unknown>>;
  readonly more?: Readonly<Record<string, unknown>>;
}

const machineOf = ({ defaults, more }: Home): RigInput => ({
  config: { agents: { defaults, list: [{ id: "main" }, { id: "work", model: { primary: "zai/glm", fallbacks: ["groq/llama", "openai/gpt-5"] } }] }, ...more },
  store: STORE,
  specs: SPECS,
});

/** Without names that the config maps: a command without a word asks as `default` does there. */
const unmapped = ({ defaults, more }: Home): RigInput => machineOf({ defaults, more: { signalbox: more?.["signalbox"] } });

/** As a command reads it: with the facts of the agent that the word names. */
async function explained(rig: Rig, input: FactsInput, word?: string): Promise<ExplainReport> {
  const agent = agentAsked(word, rig.config);
  const { config, agents, credentials, chain } = agent === undefined ? rig : openFacts({ ...input, agent });
  const rests = { rows: await rig.routing.ledger.rows(), sha256: (text: string) => rig.host.sha256(text) };
  const facts = { config, agents, registry: rig.registry, credentials, chain, otherProblems: [], nowMs: rig.host.nowMs(), warnWithinMs: 0, rests };
  return buildExplainReport({ ...facts, catalog: rig.routes.catalog, asked: word });
}

/** "provider/model account", in order. */
const inOrder = ({ models }: ExplainReport): string[] =>
  models
    .filter(({ role, leftOut, problem, keptOut }) => !role.startsWith("image") && leftOut === null && problem === null && keptOut === null)
    .flatMap(({ ref, profiles, readiness }) => (readiness === "not needed" ? [ref ?? ""] : profiles.map(({ profileId }) => `${ref} ${profileId}`)));
const refsOf = (models: readonly ModelTrace[]): (string | null)[] => models.map(({ ref }) => ref);

describe("who would be asked is who is asked", () => {
  const HOMES: readonly (readonly [string, Home])[] = [
    ["a chain", { defaults: { model: { primary: "openai/gpt-5", fallbacks: ["groq/llama", "zai/glm"] } } }],
    [
      "aliases, and names that the config maps",
      {
        defaults: { model: { primary: "big", fallbacks: ["groq/llama"] }, models: { "openai/gpt-5": { alias: "big" }, "groq/mixtral": { alias: "fast" } } },
        more: { gateway: { modelNames: { fast: "zai/glm", "claude-*": "default", "gpt-*": "agent:work", mixtral: "groq/llama@groq:c" } } },
      },
    ],
    [
      "every name mapped",
      { defaults: { model: { primary: "openai/gpt-5", fallbacks: ["groq/llama"] } }, more: { gateway: { modelNames: { "*": "zai/glm" } } } },
    ],
    [
      "accounts named in the chain",
      { defaults: { model: { primary: "openai/gpt-5@openai:b", fallbacks: ["openai/gpt-5", "groq/llama@groq:gone", "zai/glm"] } } },
    ],
    [
      "places that cannot be asked, and one that is there twice",
      {
        defaults: {
          model: { primary: "claude-cli/opus", fallbacks: ["nobody/x", "groq/llama", "mycli/y", "openai/gpt-5", "groq/llama", "zai/glm"] },
          cliBackends: { mycli: { command: "mycli" } },
          modelPolicy: { allow: ["groq/*", "openai/*"] },
          imageModel: { primary: "openai/gpt-5", fallbacks: ["zai/glm"] },
        },
      },
    ],
    [
      "nothing that costs money",
      { defaults: { model: { primary: "openai/gpt-5", fallbacks: ["groq/llama", "groq/mixtral"] } }, more: { signalbox: { routing: { neverPaid: true } } } },
    ],
    ["a server of one's own", { defaults: { model: { primary: "ollama/qwen3", fallbacks: ["groq/llama"] } } }],
  ];
  const WORDS = [undefined, "default", "agent:work", "agent:main", "openai/gpt-5", "groq/llama", "groq/llama@groq:c", "groq/new@groq:gone", "big", "Fast"];
  const BARE = ["nobody/x", "mycli/y", "fast", "mixtral", "glm", "gpt-5", "claude-9", "gpt-9", "ollama/qwen3"];

  const cases = HOMES.flatMap(([name, home]) => [...WORDS, ...BARE].map((word) => [word ?? "no word", name, word, home] as const));

  test.each(cases)("for %s, of a home with %s", async (_, __, word, home) => {
    const input = machineOf(home);
    const rig = openRig(input);
    const isRefused = (thrown: unknown): string => (thrown instanceof AppError ? thrown.code : String(thrown));
    const report = await explained(rig, input, word).catch(isRefused);
    const router = word === undefined ? openRig(unmapped(home)) : rig;
    try {
      const route = router.route(word, { serves: "chat" });
      if (typeof report === "string") throw new Error(`explain says ${report}`);
      const plan = await rig.routing.plan(route, rig.facts, { serves: "chat" });
      const candidates = plan.candidates.map(({ model, profile }) => (profile === undefined ? refText(model.ref) : `${refText(model.ref)} ${profile.id}`));
      expect(report.agentId).toBe(route.agentId);
      expect(inOrder(report)).toEqual(candidates);
      const [first] = plan.candidates;
      expect(report.first).toEqual(first === undefined ? null : { ref: refText(first.model.ref), profileId: first.profile?.id ?? null });
      expect(refsOf(report.models)).toEqual(expect.arrayContaining(route.models.map(({ ref }) => refText(ref))));
    } catch (thrown) {
      if (!(thrown instanceof AppError)) throw thrown;
      expect(report).toBe(thrown.code);
    }
  });

  test.each(HOMES.filter(([name]) => name !== "nothing that costs money"))(
    "models status names the same account for each model, of a home with %s",
    async (_, home) => {
      const rig = openRig(unmapped(home));
      const examined = examine({ ...rig, otherProblems: [], nowMs: rig.host.nowMs(), warnWithinMs: 0 });
      const ready = rig.chain.entries
        .map((entry) => chainRow(entry, examined))
        .filter(({ role, readiness }) => !role.startsWith("image") && readiness === "ready");
      const { candidates } = await rig.routing.plan(rig.route("default"), rig.facts);
      const firsts = candidates.filter(({ model }, i) => candidates.findIndex((other) => other.model === model) === i);
      const named = firsts.map(({ model, profile }) => [refText(model.ref), profile?.id]).filter(([ref]) => ref !== "ollama/qwen3");
      const once = new Map(ready.map(({ ref, detail }) => [`${ref} ${detail}`, [ref, detail]]));
      expect([...once.values()]).toEqual(named);
    },
  );

  test("the words are of every kind", () => {
    const seen = cases.map(([, , word, home]) => {
      try {
        return openRig(machineOf(home)).route(word).strict;
      } catch (thrown) {
        return thrown instanceof AppError ? thrown.code : String(thrown);
      }
    });
    expect(new Set(seen)).toEqual(new Set(["no", "target", "PROVIDER_UNKNOWN", "MODEL_UNKNOWN"]));
  });

  test("rests of a family of models, of a model and of an address keep from being first as they do for the router", async () => {
    const input = machineOf({ defaults: { model: { primary: "openai/gpt-5", fallbacks: ["groq/llama", "zai/glm"] } } });
    for (const [reason, passed, first] of [
      ["rate_limit", ["openai:a", "openai:b"], "groq/llama"],
      ["permission", ["openai:a", "openai:b"], "groq/llama"],
      ["overloaded", [undefined], "groq/llama"],
    ] as const) {
      const rig = openRig(input);
      await rig.request({ openai: reason, groq: "answers" });
      const report = await explained(rig, input);
      const plan = await rig.routing.plan(rig.route("default"), rig.facts);
      expect([report.first?.ref, plan.candidates[0]?.model.ref.provider]).toEqual([first, "groq"]);
      expect(inOrder(report)).toEqual(["groq/llama groq:c", "zai/glm zai:d"]);
      const [model] = report.models;
      expect(model?.readiness).toBe("cooling");
      if (passed[0] !== undefined)
        expect(model?.passedOver.map(({ profileId, detail }) => [profileId, detail.startsWith("rests for ")])).toEqual(passed.map((id) => [id, true]));
    }
  });
});

describe("what a failure of the first sets off", () => {
  const chain = ["openai/gpt-5@openai:a", "openai/gpt-4", "groq/llama", "openai/gpt-5"];
  const model = { primary: chain[0], fallbacks: chain.slice(1) };

  test.each(["default", "openai/gpt-5", "openai/gpt-5@openai:a", "groq/llama", "groq/llama@groq:c", "zai/glm"])("is what happens: %s", async (word) => {
    const input = machineOf({ defaults: { model } });
    const { outcomes } = await explained(openRig(input), input, word);
    expect(outcomes).toHaveLength(7);
    for (const { reason, nextProfile, nextModel } of outcomes) {
      const rig = openRig(input);
      await rig.request(() => (rig.asked.every((one) => one === rig.asked[0]) ? reason : "answers"), { word });
      const [first = ""] = rig.asked;
      const said = nextProfile === null ? nextModel : `${first.split(" ")[0]} ${nextProfile}`;
      const next = rig.asked.find((one) => one !== first) ?? null;
      expect([reason, next]).toEqual([reason, said === null ? null : expect.stringContaining(said)]);
    }
  });

  test("rests as long as the config says", async () => {
    const cooldowns = { billingBackoffHours: 1, billingMaxHours: 2, rateLimitSeconds: 20, networkSeconds: 7, overloadSeconds: 3 };
    const input = machineOf({ defaults: { model }, more: { auth: { cooldowns }, gateway: { timeouts: { attemptsMs: 60_000 } } } });
    const { outcomes } = await explained(openRig(input), input, "zai/glm@zai:d");
    expect(outcomes.map(({ event, rest }) => [event, rest?.firstMs, rest?.longestMs])).toMatchObject([
      ["401", 900_000, 21_600_000],
      ["402", 3_600_000, 7_200_000],
      ["429", 20_000, 300_000],
      ["429, for hours", 900_000, 31 * 86_400_000],
      ["500", 7000, 60_000],
      ["503", 3000, 60_000],
      ["silence", 7000, 60_000],
    ]);
  });
});
