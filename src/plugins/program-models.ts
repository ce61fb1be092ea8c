import { check } from "../config/check.ts";
import { toProviderId } from "../kernel/ids.ts";
import type { ModelSpec } from "../provider/model-spec.ts";
import { Faults } from "./manifest-fault.ts";
import { MODEL_SHAPE, type WrittenModel } from "./manifest-shape.ts";
import { modelFaults, specOf } from "./provider-data.ts";

const MOST_MODELS = 5000;

export interface ProgramModels {
  readonly models: readonly ModelSpec[];
  /** Entries that could not be used. */
  readonly skipped: number;
}

/** `{"models": […]}` as a program answers it: each entry as in a manifest. undefined when it is something else. */
export function readProgramModels(answer: Readonly<Record<string, unknown>>, provider: string): ProgramModels | undefined {
  const { models: written } = answer;
  if (!Array.isArray(written) || written.length > MOST_MODELS) return undefined;
  const models = new Map<string, ModelSpec>();
  for (const entry of written) {
    const model = modelOf(entry);
    if (model !== undefined) models.set(model.id, specOf(model, toProviderId(provider)));
  }
  return { models: [...models.values()], skipped: written.length - models.size };
}

function modelOf(entry: unknown): WrittenModel | undefined {
  const { value, findings } = check(MODEL_SHAPE, entry, ["models"]);
  if (findings.length > 0 || value === undefined) return undefined;
  const faults = new Faults();
  modelFaults(value as WrittenModel, ["models"], faults);
  return faults.found.length === 0 ? (value as WrittenModel) : undefined;
}
