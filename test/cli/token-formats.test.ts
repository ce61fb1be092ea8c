import { describe, expect, test } from "vitest";
import { type HandedToken, type TokenFormat, tokenLine } from "../../src/cli/token-formats.ts";

const handed = (more: Partial<HandedToken> = {}): HandedToken => ({
  ...{ profileId: "zai:work", token: "tok-123", header: ["authorization", "Bearer tok-123"], variable: "ZAI_API_KEY", expiresAtMs: undefined },
  ...more,
});
const line = (format: TokenFormat, more: Partial<HandedToken> = {}, info?: string): string => tokenLine(handed(more), format, info);

describe("a token for another program", () => {
  test("is printed alone, or as the header in which its vendor takes it", () => {
    expect([line("raw"), line("header"), line("header", { header: ["x-api-key", "tok-123"] })]).toEqual([
      "tok-123",
      "Authorization: Bearer tok-123",
      "x-api-key: tok-123",
    ]);
  });

  test.each([
    ["a.b_c-d/e+f=", "ZAI_API_KEY=a.b_c-d/e+f="],
    ["a'b $(id)", "ZAI_API_KEY='a'\\''b $(id)'"],
    ["~x", "ZAI_API_KEY='~x'"],
  ])("%s is an assignment that a shell reads back", (token, wanted) => {
    expect(line("env", { token })).toBe(wanted);
  });

  test("has no assignment without a name", () => {
    expect(() => line("env", { variable: undefined })).toThrow(expect.objectContaining({ code: "USAGE" }));
  });

  test("is an ExecCredential of the version that is asked for; of one that nobody knows, of the first", () => {
    const at = Date.UTC(2026, 10, 21, 12, 0, 0, 250);
    expect(JSON.parse(line("exec-json", { expiresAtMs: at }))).toEqual({
      apiVersion: "client.authentication.k8s.io/v1",
      kind: "ExecCredential",
      status: { token: "tok-123", expirationTimestamp: "2026-11-21T12:00:00Z" },
    });
    const versionFor = (info: string): unknown => JSON.parse(line("exec-json", {}, info)).apiVersion;
    expect(['{"apiVersion":"client.authentication.k8s.io/v1beta1"}', '{"apiVersion":"other/v9"}', "no json", "null"].map(versionFor)).toEqual([
      "client.authentication.k8s.io/v1beta1",
      ...Array.from({ length: 3 }, () => "client.authentication.k8s.io/v1"),
    ]);
  });

  test("ends at the last day of the calendar where its store says a day beyond it", () => {
    const ended = (format: TokenFormat, more: Partial<HandedToken> = {}): unknown => JSON.parse(line(format, { expiresAtMs: 9e15, ...more }));
    expect(ended("exec-json")).toMatchObject({ status: { expirationTimestamp: "9999-12-31T23:59:59Z" } });
    expect(ended("aws-process", { token: '{"AccessKeyId":"AKIA","SecretAccessKey":"s/k"}' })).toMatchObject({ Expiration: "9999-12-31T23:59:59Z" });
  });

  test("is a pair of keys for AWS where it is one, and refused where it is not", () => {
    const pair = { AccessKeyId: "AKIA", SecretAccessKey: "s/k", SessionToken: "t", Expiration: "2026-11-21T12:00:00Z", Version: 9, More: 1 };
    expect(JSON.parse(line("aws-process", { token: JSON.stringify(pair) }))).toEqual({
      ...{ Version: 1, AccessKeyId: "AKIA", SecretAccessKey: "s/k", SessionToken: "t", Expiration: "2026-11-21T12:00:00Z" },
    });
    for (const token of ["tok-123", '{"AccessKeyId":1}', "{", "[]"])
      expect(() => line("aws-process", { token })).toThrow(expect.objectContaining({ code: "USAGE" }));
  });
});
