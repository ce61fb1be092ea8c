import { describe, expect, test } from "vitest";
import type { FileFacts } from "../../src/kernel/host.ts";
import { toProviderId } from "../../src/kernel/ids.ts";
import { Secret } from "../../src/kernel/secret.ts";
import { machineFindings } from "../../src/status/machine-findings.ts";
import { CONFIG, type FactsInput, HOME, NAMES, openFacts } from "../credentials/open-facts.ts";

const STATE = `${HOME}/.nemo`;
const GOOD: FactsInput = { files: { [CONFIG]: "{}" } };

/** What is said of a machine on which some paths have other facts. */
function said(facts: Readonly<Record<string, Partial<FileFacts>>>, machine = GOOD): string[] {
  const { host, ...read } = openFacts(machine);
  const inspect = (path: string): FileFacts | undefined => {
    const found = host.inspect(path);
    return found === undefined ? undefined : { ...found, ...facts[path] };
  };
  const found = machineFindings({ ...read, host: { ...host, inspect }, names: NAMES });
  return found.map(({ code, severity, message, hint }) => `${severity} ${code}: ${message}. ${hint}`);
}

test("a config that others can read is no risk where it names a variable and holds no key", () => {
  const lab = (apiKey: string): FactsInput => ({
    config: { models: { providers: { lab: { baseUrl: "http://lab.example/v1", apiKey, models: [] } } } },
    custom: [
      { id: toProviderId("lab"), origin: { kind: "config", place: undefined }, baseUrl: "http://lab.example/v1", apiKey: new Secret("sk-lab"), models: [] },
    ],
    env: { LAB_KEY: "sk-lab" },
  });
  expect(said({ [CONFIG]: { mode: 0o644 } }, lab("${LAB_KEY}"))).toEqual([]);
  expect(said({ [CONFIG]: { mode: 0o644 } }, lab("sk-lab"))).toEqual([expect.stringContaining("nemo.json, which holds a key, can be read")]);
});

describe("a place where others can write", () => {
  test.each([0o777, 0o770, 0o722, 0o2775])("is named with the command that mends it: the state folder of mode %o", (mode) => {
    const octal = (mode & 0o777).toString(8);
    expect(said({ [STATE]: { mode } })).toEqual([
      `warning STORE_PERMISSIONS: the state folder can be written to by other users of this machine (mode ${octal}). Run: chmod go-w ~/.nemo`,
    ]);
  });

  test.each([0o700, 0o755, 0o1777, 0o1770, 0])("is none of mode %o", (mode) => expect(said({ [STATE]: { mode } })).toEqual([]));

  test("is the config, and the folder of what it includes", () => {
    const part = `${HOME}/shared/models.json`;
    const machine: FactsInput = { files: { [CONFIG]: '{ "$include": "../shared/models.json" }', [part]: "{}" } };
    expect(said({ [CONFIG]: { mode: 0o666 }, [`${HOME}/shared`]: { mode: 0o777 } }, machine)).toEqual([
      "warning STORE_PERMISSIONS: nemo.json can be written to by other users of this machine (mode 666). Run: chmod go-w ~/.nemo/nemo.json",
      "warning STORE_PERMISSIONS: the folder of models.json can be written to by other users of this machine (mode 777). Run: chmod go-w ~/shared",
    ]);
  });

  test("of somebody else is mended by an administrator", () => {
    expect(said({ [STATE]: { mode: 0o777, isForeign: true } })[0]).toContain("Run: sudo chmod go-w ~/.nemo");
  });

  test("is not spoken of where the process says that the disk has no permissions", () => {
    expect(said({ [STATE]: { mode: 0o777 } }, { ...GOOD, env: { NEMO_ALLOW_INSECURE_PERMS: "1" } })).toEqual([]);
  });
});
