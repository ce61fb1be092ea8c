import { AppError } from "../kernel/errors.ts";
import type { Host } from "../kernel/host.ts";
import type { RealNames } from "./snapshot.ts";

/** Where Nix keeps what it built; nobody writes there. */
const NIX_STORE = "/nix/store/";

/** Throws CONFIG_MANAGED for a file that another program makes. `names`: where paths really lead. */
export function refuseManaged(files: Iterable<string>, names: RealNames): void {
  for (const file of files) {
    const real = names.of(file);
    if (!real.startsWith(NIX_STORE)) continue;
    const isHomeManager = real.includes("home-manager");
    const maker = isHomeManager ? "home-manager" : "Nix";
    throw new AppError("CONFIG_MANAGED", `the config is made by ${maker} and cannot be changed here: it leads to ${real}`, {
      hint: `Put the change into the ${isHomeManager ? "home-manager module" : "Nix module"} that makes it, and rebuild. The same command with --dry-run shows the lines.`,
      place: { file },
    });
  }
}

/** As CONFIG_MANAGED when the disk is read-only; any other failure as it is. */
export function managedOr(thrown: unknown, { platform }: Pick<Host, "platform">): unknown {
  if (!(thrown instanceof AppError) || thrown.code !== "FILE_READ_ONLY" || platform === "win32") return thrown;
  const cause = thrown.facts.cause as { readonly code?: unknown } | undefined;
  if (cause?.code !== "EROFS") return thrown;
  return new AppError("CONFIG_MANAGED", `${thrown.message}; whatever made that disk made the config`, {
    ...thrown.facts,
    hint: "Put the change where the config is made (the image, the Nix module, the mount), or mount the disk for writing. The same command with --dry-run shows the lines.",
  });
}
