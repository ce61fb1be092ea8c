import { AppError } from "../kernel/errors.ts";
import type { FileKeeping, FileTexts } from "../kernel/host.ts";

export async function changeFiles(files: readonly string[], keeping: FileKeeping, change: (texts: FileTexts) => FileTexts): Promise<readonly string[]> {
  throw new AppError("INTERNAL", `not built yet: ${files.length} ${keeping.command} ${change.length}`, { hint: "Wait." });
}
