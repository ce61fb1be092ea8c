import { expect, test } from "vitest";
import { type Asked, outcomesOf } from "../../src/routing/outcomes.ts";

const first: Asked = {
  profile: "anthropic:a",
  canRefresh: false,
  model: "anthropic/opus",
  provider: "anthropic",
  nextProfile: "anthropic:b",
  nextModel: "groq/llama",
  pinned: false,
};
const sentences = (more: Partial<Asked>): Record<string, string> =>
  Object.fromEntries(outcomesOf({ ...first, ...more }).map(({ event, sentence }) => [event, sentence]));

test("names the next account and the next model", () => {
  expect(sentences({})).toEqual({
    "401": "anthropic:a rests until its credential changes (tried again after 15m, doubling up to 6h); next is anthropic:b, then groq/llama.",
    "402": "anthropic:a rests as long as the vendor says, else 5h, doubling up to 24h; next is anthropic:b, then groq/llama.",
    "429": "anthropic:a at anthropic/opus and its family rests as long as the vendor says, else 5s, doubling up to 5m; next is anthropic:b, then groq/llama.",
    "429, for hours":
      "anthropic:a at anthropic/opus and its family rests as long as the vendor says, else 15m, doubling up to 31d; next is anthropic:b, then groq/llama.",
    "500":
      "asked once more at once; the endpoint of anthropic, after 5 such failures in a row, rests as long as the vendor says, else 5s, doubling up to 1m; next is groq/llama.",
    "503": "anthropic/opus rests as long as the vendor says, else 1s, doubling up to 1m; next is groq/llama.",
    silence: "the endpoint of anthropic, after 2 such failures in a row, rests as long as the vendor says, else 5s, doubling up to 1m; next is groq/llama.",
  });
});

test("with nobody left the caller gets the error, after one more try where the vendor was at fault", () => {
  const alone = { profile: undefined, nextProfile: undefined, nextModel: undefined };
  expect(sentences(alone)).toMatchObject({
    "402": "the login of anthropic rests as long as the vendor says, else 5h, doubling up to 24h; the caller gets the error.",
    "429": expect.stringMatching(/^asked again when its rest is over, if that is within 2m; /),
    silence: expect.stringMatching(/^asked once more, for nothing else is left; .*; the caller gets the error\.$/),
  });
});

test("a login that can renew itself is renewed before it is given up", () => {
  expect(sentences({ canRefresh: true })["401"]).toMatch(/^the login is renewed and asked once more; /);
});

test("an account that the reference names is not left for another one", () => {
  expect(outcomesOf({ ...first, pinned: true }).map(({ nextProfile, nextModel }) => [nextProfile, nextModel])).toEqual(
    outcomesOf(first).map(() => [null, "groq/llama"]),
  );
});
