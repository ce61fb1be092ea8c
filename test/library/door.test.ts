import { expect, test } from "vitest";
import { brands } from "../../src/brand.ts";
import { AppError } from "../../src/kernel/errors.ts";
import { atTheDoor } from "../../src/library/door.ts";
import { namesFor } from "../../src/library/names.ts";

test("what a sentence leaves open is called as the command line calls it", () => {
  const thrown = new AppError("USAGE", "no id is registered for {name}", { hint: "`{cli} doctor` shows it; {bin} reads {PFX}_HOME." });
  const told = atTheDoor(thrown, namesFor(brands.neuroion, {}, "lab"));
  expect(told).toMatchObject({
    message: "no id is registered for Neuroion",
    hint: "`neuroion --profile lab doctor` shows it; neuroion reads NEUROION_HOME.",
  });
});
