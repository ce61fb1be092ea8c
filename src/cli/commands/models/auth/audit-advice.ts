import type { ExposedSecret } from "../../../../credentials/audit.ts";
import { assertNever } from "../../../../kernel/errors.ts";

export interface Advice {
  move: "out" | "copy" | null;
  /** One sentence or two; `{cli}` is the name of the binary. */
  todo: string;
}

const DELETE = "Delete the file if you do not need it.";
const RESCUED =
  "New tokens of a login wait there for their store: the next renewal of that login puts them in their place, or deletes what is over. Delete the file if you logged out.";

/** What a person can do about one secret in clear text. `number`: what `--move` takes. */
export function whatToDo(secret: ExposedSecret, number: number): Advice {
  const { kind, storedAs, provider } = secret;
  const command = `\`{cli} models auth audit --move ${number}\``;
  switch (kind) {
    case "config":
      return inConfig(secret, command);
    case "dotenv":
    case "shell profile":
      if (storedAs !== undefined) return { move: null, todo: `It is stored as ${storedAs}: delete the line, unless another program needs it.` };
      if (provider === undefined) return { move: null, todo: "Delete the line, unless another program needs it." };
      return { move: "copy", todo: `${command} stores it; then delete the line, unless another program needs it.` };
    case "shell history":
      return { move: null, todo: "Delete the line. Who can read the file knows the key; to be safe, make a new one." };
    case "models.json":
      return { move: null, todo: "An agent copied it there, and does so again. Keep the file readable by you alone." };
    case "older store":
      return {
        move: null,
        todo:
          storedAs === undefined
            ? "Nobody reads it there: `{cli} models auth import --from older-files`, then delete it."
            : `It is stored as ${storedAs}: delete it there.`,
      };
    case "backup":
      return { move: null, todo: DELETE };
    case "stray file":
      return { move: null, todo: secret.isRescued === true ? RESCUED : DELETE };
    case "cache":
      return { move: null, todo: "An agent keeps a short-lived token there and writes it anew." };
    case "tool":
      return { move: null, todo: inTool(secret) };
    default:
      return assertNever(kind);
  }
}

function inConfig({ holder, storedAs }: ExposedSecret, command: string): Advice {
  if (holder === "header") return { move: null, todo: "Write ${NAME} in its place, and set NAME in the environment." };
  if (storedAs !== undefined) return { move: "out", todo: `It is stored as ${storedAs}: ${command} takes it out of the config.` };
  return { move: "out", todo: `${command} stores it and takes it out of the config.` };
}

function inTool({ tool, notOurs, storedAs }: ExposedSecret): string {
  const own = `It is ${tool?.label ?? "that program"}'s own file.`;
  if (storedAs !== undefined) return `${own} It is stored here as ${storedAs}.`;
  if (notOurs !== undefined) return `${own} Log out there if you do not need it.`;
  return `${own} \`{cli} models auth import --from ${tool?.id}\` stores it here as well.`;
}
