import { describe, expect, test } from "vitest";
import { readPasted } from "../../../src/credentials/login/pasted.ts";

const STATE = "state-of-this-login";
const BACK = "http://127.0.0.1:41001/callback";
const expected = { redirectUri: BACK, state: STATE };
const answer = { kind: "answer", query: new Map(Object.entries({ code: "abc", state: STATE })) };

describe("what a person pastes", () => {
  test.each([
    ["the address", `${BACK}?code=abc&state=${STATE}`],
    ["the address, with blanks and a line break", `  ${BACK}?code=abc&state=${STATE}\r\n`],
    ["the address in quotes", `"${BACK}?code=abc&state=${STATE}"`],
    ["the address in angle brackets", `<${BACK}?code=abc&state=${STATE}>`],
    ["the address with a part of the page", `${BACK}?code=abc&state=${STATE}#top`],
    ["its query", `?code=abc&state=${STATE}`],
    ["its query without the mark", `code=abc&state=${STATE}`],
  ])("%s is an answer", (_, text) => expect(readPasted(text, expected)).toEqual(answer));

  test("a bare code, also with the state behind it, is one too", () => {
    expect(readPasted("4/0Ab-c_d", expected)).toEqual({ kind: "answer", query: new Map([["code", "4/0Ab-c_d"]]) });
    expect(readPasted(`abc#${STATE}`, expected)).toEqual({ kind: "answer", query: new Map([["code", "abc"]]) });
  });

  test("a refusal is an answer", () => {
    expect(readPasted(`${BACK}?error=access_denied&state=${STATE}`, expected)).toMatchObject({ kind: "answer" });
  });

  test("without a state the path is what counts", () => {
    const secretPath = { redirectUri: "http://127.0.0.1:41001/callback/nobody-guesses", state: undefined };
    expect(readPasted("http://127.0.0.1:41001/callback/nobody-guesses?code=abc", secretPath)).toMatchObject({ kind: "answer" });
    expect(readPasted("http://127.0.0.1:41001/callback/another?code=abc", secretPath)).toMatchObject({ kind: "refused", isForeign: true });
  });

  test.each([
    ["another state", `${BACK}?code=abc&state=another`],
    ["no state", `${BACK}?code=abc`],
    ["an empty state", `${BACK}?code=abc&state=`],
    ["a state with more", `${BACK}?code=abc&state=${STATE}x`],
    ["another path", `http://127.0.0.1:41001/other?code=abc&state=${STATE}`],
    ["another state in a query", "code=abc&state=another"],
    ["a code with another state", "abc#another"],
  ])("%s belongs to another login", (_, text) => expect(readPasted(text, expected)).toMatchObject({ kind: "refused", isForeign: true }));

  test.each([
    ["nothing", "", "nothing was pasted"],
    ["blanks", " \t", "nothing was pasted"],
    ["the vendor's page", "https://issuer.example/authorize?code_challenge=x&code=1", "that is the address of the vendor's own page, from before the login"],
    ["another port", `http://127.0.0.1:41002/callback?code=abc&state=${STATE}`, "it is not the address that the browser was sent back to"],
    ["another machine", `https://attacker.example/callback?code=abc&state=${STATE}`, "it is not the address that the browser was sent back to"],
    ["another scheme", `javascript://127.0.0.1:41001/callback?code=abc&state=${STATE}`, "it is not the address that the browser was sent back to"],
    ["neither code nor error", `${BACK}?state=${STATE}`, "there is no code in it"],
    ["two codes", `${BACK}?code=abc&code=def&state=${STATE}`, "a part of what was pasted stands in it twice"],
    ["a sentence", "it did not work", "that is neither an address nor a code"],
    ["an escape", "abc\u001b[31m", "that is neither an address nor a code"],
    ["a book", "a".repeat(9000), "what was pasted is too long for an address"],
  ])("%s is refused, and can be corrected", (_, text, why) => expect(readPasted(text, expected)).toMatchObject({ kind: "refused", isForeign: false, why }));
});
