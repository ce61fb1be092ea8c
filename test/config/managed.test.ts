import { expect, test } from "vitest";
import { managedOr, refuseManaged } from "../../src/config/managed.ts";
import { RealNames } from "../../src/config/snapshot.ts";
import { AppError } from "../../src/kernel/errors.ts";
import { fakeHost } from "../support/fake-host.ts";

function refused(links: Record<string, string>, file: string): string {
  try {
    refuseManaged([file], new RealNames(fakeHost({ files: Object.fromEntries(Object.values(links).map((target) => [`${target}/nemo.json`, ""])), links })));
    return "allowed";
  } catch (thrown) {
    if (thrown instanceof AppError) return `${thrown.code}: ${thrown.message}`;
    throw thrown;
  }
}

test("a folder that leads into the store of Nix is managed; one that a home-manager link leads out of the store is not", () => {
  expect(refused({ "/home/me/.nemo": "/nix/store/abc-nemo" }, "/home/me/.nemo/nemo.json")).toBe(
    "CONFIG_MANAGED: the config is made by Nix and cannot be changed here: it leads to /nix/store/abc-nemo/nemo.json",
  );
  expect(refused({ "/home/me/.nemo": "/home/me/dotfiles" }, "/home/me/.nemo/nemo.json")).toBe("allowed");
});

test("a read-only disk is a managed config; a file of somebody else is not", () => {
  const because = (code: string): AppError => {
    const error = new AppError("FILE_READ_ONLY", "/c lies on a disk that is mounted read-only (EROFS)", {
      hint: "Mount it.",
      place: { file: "/c" },
      cause: { code },
    });
    return managedOr(error, { platform: "linux" }) as AppError;
  };
  expect([because("EROFS").code, because("EROFS").facts.place, because("EACCES").code]).toEqual(["CONFIG_MANAGED", { file: "/c" }, "FILE_READ_ONLY"]);
  const other = new TypeError("x");
  expect(managedOr(other, { platform: "linux" })).toBe(other);
});
