import { expect, test } from "vitest";
import { childrenOf, findCommand } from "../../src/cli/find-command.ts";
import { AppError } from "../../src/kernel/errors.ts";

function failure(argv: readonly string[]): { code: string; message: string; hint: string } {
  try {
    findCommand(argv);
  } catch (thrown) {
    if (thrown instanceof AppError) return { code: thrown.code, message: thrown.message, hint: thrown.hint };
  }
  return { code: "none", message: "", hint: "" };
}

test("models alone is models status, and its flags of the era become --json and --plain", () => {
  expect(findCommand(["models"])).toEqual({ kind: "command", path: "models status", words: [] });
  expect(findCommand(["models", "--status-json"])).toEqual({ kind: "command", path: "models status", words: ["--json"] });
  expect(findCommand(["models", "--status-plain"])).toEqual({ kind: "command", path: "models status", words: ["--plain"] });
});

test("--agent may stand before or after the subcommand", () => {
  expect(findCommand(["models", "--agent", "work", "list", "--all"])).toEqual({ kind: "command", path: "models list", words: ["--agent", "work", "--all"] });
  expect(findCommand(["models", "list", "--agent", "work"])).toEqual({ kind: "command", path: "models list", words: ["--agent", "work"] });
});

test("words after a whole command belong to it, also when they look like commands", () => {
  expect(findCommand(["models", "show", "list"])).toEqual({ kind: "command", path: "models show", words: ["list"] });
});

test("a group without a default shows its help; so does models with --help", () => {
  expect(findCommand(["models", "auth"])).toEqual({ kind: "group", path: "models auth", words: [] });
  expect(findCommand(["models", "--help"])).toEqual({ kind: "group", path: "models", words: ["--help"] });
  expect(findCommand([])).toEqual({ kind: "group", path: "", words: [] });
});

test("a mistyped command is refused with the nearest one", () => {
  expect(failure(["models", "lsit"])).toEqual({
    code: "COMMAND_UNKNOWN",
    message: 'there is no command "lsit" below "models". Did you mean "list" or "set"?',
    hint: "See `{cli} models --help`.",
  });
});

test("a command that stands elsewhere is pointed out", () => {
  expect(failure(["status"]).hint).toBe("Perhaps `{cli} models status`.");
});

test("no command is hidden by the prototype of objects", () => {
  expect(failure(["constructor"]).code).toBe("COMMAND_UNKNOWN");
  expect(failure(["models", "__proto__"]).code).toBe("COMMAND_UNKNOWN");
  expect(failure(["toString"]).code).toBe("COMMAND_UNKNOWN");
});

test("children are the words one level down", () => {
  expect(childrenOf("models auth order")).toEqual(["get", "set", "clear"]);
});
