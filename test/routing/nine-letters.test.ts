import { expect, test } from "vitest";
import { nineLetters } from "../../src/protocols/call-id.ts";
import { withNineLetterIds } from "../../src/routing/nine-letters.ts";

test.each([
  '{"messages":[]}',
  '{"messages":"tool_calls"}',
  '{"messages":[{"role":"assistant","tool_calls":[{"id":"aB3dE6gH9"}]},{"role":"tool","tool_call_id":"aB3dE6gH9"}]}',
  '{"messages":[{"role":"user","id":"call_1","content":[{"tool_call_id":"call_1"}]}],"tool_calls":[{"id":"call_1"}]}',
  '{"messages":[{"role":"assistant","tool_calls":[{"id":7},null,"x"]},null,{"tool_call_id":null}]}',
])("%s stays", (text) => {
  expect(withNineLetterIds(text)).toBe(undefined);
});

test("ids are the same in a call and in its result, however they are written, and nothing else is touched", () => {
  const id = nineLetters('a"1');
  const text = String.raw` {"x":"a\"1", "messages" : [ {"tool_calls":[{"id" : "a\u00221","function":{"id":"f"}} ]},{"tool_call_id":"a\"1","z":1.0} ] } `;
  const wanted = String.raw` {"x":"a\"1", "messages" : [ {"tool_calls":[{"id" : "ID","function":{"id":"f"}} ]},{"tool_call_id":"ID","z":1.0} ] } `;
  expect(withNineLetterIds(text)).toBe(wanted.replaceAll("ID", id));
});
