import { describe, expect, test } from "vitest";
import { copiesOf } from "../../src/credentials/clear-text-copies.ts";
import type { Credential } from "../../src/credentials/profile.ts";
import { Secret } from "../../src/kernel/secret.ts";
import { fakeHost } from "../support/fake-host.ts";

const key = (text: string): Credential => ({ kind: "api_key", key: new Secret(text) });

function found(files: Readonly<Record<string, string>>, credentials: readonly Credential[]): unknown {
  const { places, isCut } = copiesOf(credentials, {
    host: fakeHost({ files }),
    folders: ["/s"],
    files: Object.keys(files).filter((file) => !file.startsWith("/s/")),
  });
  return [places.map(({ file, line }) => `${file}:${line}`), isCut];
}

describe("copies of a secret", () => {
  test("in every file below a folder, and in files that are named, at their first line", () => {
    const files = { "/s/a/b/c.json": 'x\n{ "k": "canary-secret-1" }\ncanary-secret-1', "/s/other": "nothing", "/home/.env": "K=canary-secret-1" };
    expect(found(files, [key("canary-secret-1")])).toEqual([["/home/.env:1", "/s/a/b/c.json:2"], false]);
  });

  test("of a login both tokens, and a secret as JSON writes it", () => {
    const login: Credential = { kind: "oauth", access: new Secret("canary-access"), refresh: new Secret('canary"refresh'), expiresAtMs: undefined };
    expect(found({ "/s/a": "canary-access", "/s/b": JSON.stringify({ r: 'canary"refresh' }) }, [login])).toEqual([["/s/a:1", "/s/b:1"], false]);
  });

  test("a short secret is none where it is a part of a word", () => {
    expect(found({ "/s/a": "canaries", "/s/b": "K=canary;" }, [key("canary")])).toEqual([["/s/b:1"], false]);
  });

  test("nothing is found for a secret that is not known", () => {
    expect(found({ "/s/a": "" }, [key("")])).toEqual([[], false]);
  });

  test("what is not searched is said: too deep, too large", () => {
    expect(found({ "/s/1/2/3/4/5/6/7/8": "canary-secret-1" }, [key("canary-secret-1")])).toEqual([[], true]);
    expect(found({ "/s/a": "x".repeat(5 * 1024 * 1024 + 1) }, [key("canary-secret-1")])).toEqual([[], true]);
    expect(found({ "/s/node_modules/a": "canary-secret-1" }, [key("canary-secret-1")])).toEqual([[], false]);
  });
});
