import { expect, test } from "vitest";
import { besideName, readBesideName } from "../../src/kernel/plugin-machine.ts";

test.each(["new", "old", "gone"] as const)("what is named beside a plugin's folder is found again: %s", (kind) => {
  const name = besideName({ name: "acme.more", kind }, "aB3-_6789012");
  expect(name).toBe(`.acme.more.aB3-_6789012.${kind}`);
  expect(readBesideName(name)).toEqual({ name: "acme.more", kind });
});

test.each(["acme", ".acme", ".acme.old", ".acme.short.old", ".acme.aaaaaaaaaaaa.bak", "acme.aaaaaaaaaaaa.old"])("%s lies beside nothing", (entry) => {
  expect(readBesideName(entry)).toBeUndefined();
});
