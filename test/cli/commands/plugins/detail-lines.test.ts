import { expect, test } from "vitest";
import { shortLogin } from "../../../../src/cli/commands/plugins/detail-lines.ts";
import type { LoginRow, ProviderRow } from "../../../../src/cli/commands/plugins/provider-row.ts";
import { makeStyle } from "../../../../src/cli/style.ts";

const styleOf = (width: number) => makeStyle({ colour: false, width, cli: "nemo", homeDir: "/home/me", nowMs: 0 });
const login = (kind: LoginRow["kind"], ...names: string[]): LoginRow => ({
  ...{ kind, label: "Its login", prefixes: [], page: null, flow: null, delegatedTo: null, note: null },
  variables: names.map((name) => ({ name, isSet: false, setIn: null })),
});
const short = (width: number, ...logins: LoginRow[]) => shortLogin({ logins } as unknown as ProviderRow, styleOf(width));

test("the variable of a key comes first, and of several one is named where there is little room", () => {
  const both = [login("token", "A_TOKEN"), login("api_key", "A_KEY", "B_KEY")];
  expect(short(80, ...both)).toBe("A_KEY (+2)");
  expect(short(120, ...both)).toBe("A_KEY or B_KEY, A_TOKEN");
  expect(short(80, login("api_key", "A_KEY"), login("oauth"), login("none"))).toBe("A_KEY, Its login");
  expect(short(80, login("delegated"))).toBe("Its login");
});
