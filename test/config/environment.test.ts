import { expect, test } from "vitest";
import { CONFIG, load } from "./nemo.ts";

const SHELL = "{ env: { shellEnv: { enabled: true } } }";
const dump = (vars: Record<string, string>): string =>
  Object.entries(vars)
    .map(([name, value]) => `${name}=${value}`)
    .join("\0");

test("process wins over .env here, that over .env of the state folder, that over the config", () => {
  const files = { "/work/.env": "A=here\nB=here\nP=here", "/home/me/.nemo/.env": "A=state\nB=state\nC=state" };
  const { environment } = load("{ env: { A: 'config', D: 'config', vars: { C: 'config', E: 'vars' } } }", { files, env: { P: "process" } });
  expect(["P", "A", "B", "C", "D", "E", "F"].map((name) => environment.get(name))).toEqual([
    { value: "process", setIn: "process" },
    { value: "here", setIn: "dotenv", file: "/work/.env" },
    { value: "here", setIn: "dotenv", file: "/work/.env" },
    { value: "state", setIn: "dotenv", file: "/home/me/.nemo/.env" },
    { value: "config", setIn: "config", file: CONFIG },
    { value: "vars", setIn: "config", file: CONFIG },
    undefined,
  ]);
});

test("a blank variable counts as unset", () => {
  const { environment } = load("{ env: { A: 'config' } }", { files: { "/work/.env": "A=\nB=x" }, env: { A: "  ", B: "" } });
  expect([environment.get("A")?.value, environment.get("B")?.value]).toEqual(["config", "x"]);
});

test("names of inherited members are no variables", () => {
  const { environment } = load("{}");
  expect([environment.get("constructor"), environment.get("toString"), environment.get("__proto__")]).toEqual([undefined, undefined, undefined]);
});

test("the same .env is read once when the state folder is the current one", () => {
  const { problems } = load("{}", { cwd: "/home/me/.nemo", files: { "/home/me/.nemo/.env": "broken" } });
  expect(problems.map(({ message }) => message)).toEqual(["line 1 is not NAME=value"]);
});

test("a variable that says where files are has no effect in a .env file or in the config, and the .env is named", () => {
  const config = load("{ env: { NEMO_HOME: '/evil' } }", { files: { "/work/.env": "NEMO_STATE_DIR=/evil\nPI_CODING_AGENT_DIR=/evil" } });
  expect([config.stateDir, config.environment.get("NEMO_STATE_DIR"), config.environment.get("NEMO_HOME")]).toEqual(["/home/me/.nemo", undefined, undefined]);
  expect(config.problems.map(({ severity, subject, message, place }) => [severity, subject, message, place])).toEqual([
    ["note", "NEMO_STATE_DIR", "NEMO_STATE_DIR has no effect in a .env file: it says where files are", { file: "/work/.env" }],
    ["note", "PI_CODING_AGENT_DIR", "PI_CODING_AGENT_DIR has no effect in a .env file: it says where files are", { file: "/work/.env" }],
  ]);
});

test("the login shell is asked once, only for the variables that agents take from it, and only at the first such question", () => {
  const ran: string[] = [];
  const config = load(SHELL, {
    env: { SHELL: "/bin/zsh" },
    run: (command, args) => {
      ran.push([command, ...args].join(" "));
      return { exitCode: 0, stdout: dump({ OPENAI_API_KEY: "sk-1", GROQ_API_KEY: "gsk-1", GEMINI_API_KEY: "", PATH: "/bin" }) };
    },
  });
  expect([config.environment.get("GROQ_API_KEY"), ran]).toEqual([undefined, []]);
  expect(config.environment.get("OPENAI_API_KEY")).toEqual({ value: "sk-1", setIn: "shell" });
  expect(config.environment.get("ANTHROPIC_API_KEY")).toBeUndefined();
  expect(config.environment.shellImport).toEqual({ enabled: true, applied: ["OPENAI_API_KEY"] });
  expect(ran).toEqual(["/bin/zsh -l -c env -0"]);
});

test("when one expected variable is set, the shell is not asked", () => {
  const config = load(SHELL, { env: { ZAI_API_KEY: "set" }, run: () => ({ exitCode: 0, stdout: dump({ OPENAI_API_KEY: "sk-1" }) }) });
  expect([config.environment.get("OPENAI_API_KEY"), config.environment.shellImport]).toEqual([undefined, { enabled: true, applied: [] }]);
});

test("NEMO_LOAD_SHELL_ENV asks for it without the config; without either nothing is run", () => {
  const run = () => ({ exitCode: 0, stdout: dump({ OPENAI_API_KEY: "sk-1" }) });
  expect(load("{}", { env: { NEMO_LOAD_SHELL_ENV: "1" }, run }).environment.get("OPENAI_API_KEY")?.setIn).toBe("shell");
  expect(load("{}", { run }).environment.get("OPENAI_API_KEY")).toBeUndefined();
  expect(load("{}", { run }).environment.shellImport).toEqual({ enabled: false, applied: [] });
});

test("a shell that fails is a row, and the rest goes on", () => {
  const config = load(SHELL, { env: { SHELL: "relative/sh" }, run: () => ({ exitCode: undefined, stdout: "", failure: "ETIMEDOUT" }) });
  expect(config.problems).toEqual([]);
  expect(config.environment.get("OPENAI_API_KEY")).toBeUndefined();
  expect(config.problems).toEqual([
    {
      code: "SHELL_ENV_FAILED",
      severity: "warning",
      subject: "/bin/sh",
      message: "the login shell gave no environment: ETIMEDOUT",
      hint: "Run `/bin/sh -l -c true` to see what it says, or turn env.shellEnv off.",
    },
  ]);
});

test("${VAR} in the config may name a variable of the login shell", () => {
  const config = load("{ env: { shellEnv: { enabled: true } }, agents: { defaults: { workspace: '${OPENAI_API_KEY}' } } }", {
    run: () => ({ exitCode: 0, stdout: dump({ OPENAI_API_KEY: "from-shell" }) }),
  });
  expect(config.value.agents?.defaults?.workspace).toBe("from-shell");
});
