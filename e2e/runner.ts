import type { Brand } from "../src/brand.ts";
import { COMMANDS } from "./commands.ts";
import { writeFiles } from "./files.ts";
import { runProgram } from "./program.ts";
import type { Script, Step } from "./script.ts";
import { onStage, type Stage } from "./stage.ts";

/** Runs a script for one brand, with a HOME of its own and a clean environment. Throws with the line and what the program said. */
export function runScript(script: Script, brand: Brand): Promise<void> {
  return onStage(brand, async (stage) => {
    writeFiles(stage, script.files);
    for (const step of script.steps) await runStep(stage, step);
  });
}

async function runStep(stage: Stage, step: Step): Promise<void> {
  const command = COMMANDS.get(step.name);
  if (command === undefined) throw new Error(`line ${step.line}: there is no command ${step.name}`);
  try {
    await command(stage, step, runProgram);
  } catch (thrown) {
    throw failure(stage, step, thrown instanceof Error ? thrown.message : String(thrown));
  }
}

/** What a person needs to see of it is the script's line and what the program said, not where the runner stood. */
function failure({ last }: Stage, step: Step, why: string): Error {
  const said = last === undefined ? "" : `\n--- exit ${last.code}\n--- stdout\n${last.stdout}--- stderr\n${last.stderr}`;
  const error = new Error(`line ${step.line}: ${step.negated ? "! " : ""}${step.name} ${step.words.map(({ text }) => text).join(" ")}\n${why}${said}`);
  error.stack = "";
  return error;
}
