import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseBody, type ReadBody } from "../../src/gateway/request-body.ts";

const utf8 = { of: (text: string) => new TextEncoder().encode(text), text: (bytes: Uint8Array | undefined) => new TextDecoder().decode(bytes) };

function bodyOf(text: string, bytes?: Uint8Array): ReadBody | string {
  const parsed = parseBody(text, bytes);
  return parsed.kind === "body" ? parsed.body : parsed.refusal.message;
}

describe("only the model's value is written anew", () => {
  test.each([
    ['{"model":"a","x":1}', '{"model":"new","x":1}'],
    ['{ "x" : "model" ,\n "model" : "a" , "y":[{"model":"b"}] }', '{ "x" : "model" ,\n "model" : "new" , "y":[{"model":"b"}] }'],
    ['{"x":"\\"model\\":\\"no\\"","mod\\u0065l":"a"}', '{"x":"\\"model\\":\\"no\\"","mod\\u0065l":"new"}'],
    ['{"a":"\\\\","model":"a"}', '{"a":"\\\\","model":"new"}'],
    ['{"n":1.50e1,"model":"a","big":12345678901234567890}', '{"n":1.50e1,"model":"new","big":12345678901234567890}'],
    ["{}", '{"model":"new"}'],
    ['{ "x":1}', '{"model":"new", "x":1}'],
  ])("%s", (text, wanted) => {
    const body = bodyOf(text);
    expect(typeof body === "string" ? body : body.withModel("new")).toBe(wanted);
  });

  test.each(['{"x":1,"model":"a","y":"z"}', "{}", '{ "x":1}', '{"model":"world"}'])("in its bytes as in its text: %s", (text) => {
    const body = bodyOf(text, utf8.of(text));
    if (typeof body === "string") return expect.unreachable();
    for (const name of ["new", body.model, "a much longer name", "wörld 🚂"]) {
      expect(utf8.text(body.bytesWithModel(name))).toBe(body.withModel(name));
    }
  });

  test("a name that stands there with blanks around it is written without them, and one that stands there already is left as it is", () => {
    const [padded, same] = ['{"model":" gpt "}', '{ "model" : "gpt" }'].map((text) => bodyOf(text, utf8.of(text)));
    if (typeof padded !== "object" || typeof same !== "object") return expect.unreachable();
    expect([padded.model, padded.withModel("gpt"), utf8.text(padded.bytesWithModel("gpt"))]).toEqual(["gpt", '{"model":"gpt"}', '{"model":"gpt"}']);
    expect([same.withModel("gpt"), utf8.text(same.bytesWithModel("gpt"))]).toEqual(['{ "model" : "gpt" }', '{ "model" : "gpt" }']);
    const bytes = utf8.of('{"model":"gpt"}');
    const body = bodyOf('{"model":"gpt"}', bytes);
    expect(typeof body === "string" ? body : body.bytesWithModel("gpt")).toBe(bytes);
  });

  test("where its bytes are not at hand, there are none", () => {
    const body = bodyOf("{}");
    expect(typeof body === "string" ? body : body.bytesWithModel("new")).toBe(undefined);
  });

  test("whatever stands beside it, the rest means the same and the model is the new one", () => {
    const value = fc.dictionary(
      fc.string().filter((name) => !/proto|constructor|model|[a-z]/i.test(name)),
      fc.jsonValue({ maxDepth: 3 }),
    );
    fc.assert(
      fc.property(value, fc.string({ minLength: 1, maxLength: 20 }), fc.nat(5), (others, name, at) => {
        const entries = Object.entries(others);
        entries.splice(at, 0, ["model", "old"]);
        const text = JSON.stringify(Object.fromEntries(entries), undefined, at);
        const body = bodyOf(text);
        if (typeof body === "string") return body.includes("nested") || body.includes("called");
        expect(JSON.parse(body.withModel(name))).toEqual({ ...JSON.parse(text), model: name });
        return true;
      }),
    );
  });
});

test.each([
  ["[]", "the body is not a JSON object"],
  ["nonsense", "the body is not a JSON object"],
  ['{"model":"a","model":"b"}', "model is given twice"],
  ['{"model":"a","\\u006dodel":"b"}', "model is given twice"],
  ['{"model":""}', "model must be a name of at most 256 characters"],
  ['{"model":["a"]}', "model must be a name of at most 256 characters"],
  ['{"model":"a","api_base":"http://x"}', '"api_base" is not for callers to choose'],
  ['{"model":"a","Base-URL":"http://x"}', '"Base-URL" is not for callers to choose'],
  ['{"model":"a","x":[{"__proto__":1}]}', 'a field may not be called "__proto__"'],
  ['{"model":"a","x":{"\\u005f_proto__":1}}', 'a field may not be called "__proto__"'],
  [`{"x":${"[".repeat(70)}${"]".repeat(70)}}`, "the body is nested deeper than 64 levels"],
  [`{"x":${"[".repeat(70_000)}${"]".repeat(70_000)}}`, "the body is nested deeper than 64 levels"],
])("%s is refused", (text, message) => {
  expect(bodyOf(text)).toBe(message);
});

test("a tool may have a parameter of any other name, and a model may have filled it in", () => {
  const text = '{"model":"a","tools":[{"properties":{"constructor":{"type":"string"},"prototype":{}}}],"messages":[{"input":{"c\\u006fnstructor":"Ferrari"}}]}';
  const body = bodyOf(text);
  expect(typeof body === "string" ? body : [body.text, body.value]).toEqual([text, JSON.parse(text)]);
});

describe("what was let go of is made again", () => {
  const TEXTS = ['{"x":1,"model":" a ","y":"z \\u00e9 \\ud83d","n":2,"stream":true,"x":2}', "{}", ' {\n "x":1} \n'];

  test.each(TEXTS)("the same text, the same value, the same bytes: %j", (text) => {
    // As they come from a socket: a view of a bigger buffer.
    const bytes = Buffer.from(`head ${text} tail`).subarray(5, 5 + text.length);
    const [kept, left] = [bodyOf(text), bodyOf(text, bytes)];
    if (typeof kept === "string" || typeof left === "string") return expect.unreachable();
    for (let times = 0; times < 2; times++) {
      left.letGo();
      expect([left.text, left.value, left.withModel("new")]).toEqual([text, kept.value, kept.withModel("new")]);
      expect(utf8.text(left.bytesWithModel("new"))).toBe(kept.withModel("new"));
    }
    expect(left).toMatchObject({ model: kept.model, streams: kept.streams, choices: kept.choices });
  });

  test("and is made once", () => {
    const body = bodyOf("{}", utf8.of("{}"));
    if (typeof body === "string") return expect.unreachable();
    const before = body.value;
    body.letGo();
    const again = body.value;
    expect([again === before, body.value === again]).toEqual([false, true]);
  });

  test("a text without bytes is kept", () => {
    const text = '{"model":"wörld 🚂"}';
    const body = bodyOf(text);
    if (typeof body === "string") return expect.unreachable();
    const { value } = body;
    body.letGo();
    expect([body.text, body.value === value, body.withModel("new")]).toEqual([text, true, '{"model":"new"}']);
  });
});

test("what a client says about itself is read", () => {
  expect(bodyOf('{"model":" groq/x ","stream":true,"n":2}')).toMatchObject({ model: "groq/x", streams: true, choices: 2 });
  expect(bodyOf('{"messages":[]}')).toMatchObject({ model: "default", streams: false, choices: 1 });
});
