import { expect, test } from "vitest";
import { count, duration, port } from "../../src/cli/option.ts";
import { AppError } from "../../src/kernel/errors.ts";

function said(parse: () => unknown): unknown {
  try {
    return parse();
  } catch (thrown) {
    return thrown instanceof AppError ? `${thrown.code}: ${thrown.message}. ${thrown.hint}` : thrown;
  }
}

test("a port is one that TCP has; 0 only where the system may choose", () => {
  const any = port("the port", 4100, 0);
  const fixed = port("the port", 4100, 1);
  const refused = (least: number, text: string) => `USAGE: --port takes a whole number from ${least} to 65535; "${text}" is none. For example: --port 4100`;
  expect([any.default, any.help, any.placeholder]).toEqual([4100, "the port (default 4100)", "<port>"]);
  expect(["0", "1", "65535", "65536", "70000"].map((text) => said(() => any.parse([text], "--port")))).toEqual([
    ...[0, 1, 65_535],
    ...[refused(0, "65536"), refused(0, "70000")],
  ]);
  expect(["0", "1"].map((text) => said(() => fixed.parse([text], "--port")))).toEqual([refused(1, "0"), 1]);
});

test("a duration is neither shorter than what means something, nor longer than a hundred years", () => {
  const ends = duration("it ends then", undefined, "d", 1);
  const pause = duration("how often", 60_000, "s", 1000);
  expect([ends.default, pause.default]).toEqual([undefined, 60_000]);
  expect(["1ms", "36500d"].map((text) => ends.parse([text], "--expires"))).toEqual([1, 36_500 * 86_400_000]);
  expect(["0", "0s", "0.0001ms", "36501d", "99999999999d"].map((text) => said(() => ends.parse([text], "--expires")))).toEqual([
    'USAGE: --expires takes a longer duration than "0". The shortest is 1ms.',
    'USAGE: --expires takes a longer duration than "0s". The shortest is 1ms.',
    'USAGE: --expires takes a longer duration than "0.0001ms". The shortest is 1ms.',
    'USAGE: --expires takes a shorter duration than "36501d". The longest is 36500d.',
    'USAGE: --expires takes a shorter duration than "99999999999d". The longest is 36500d.',
  ]);
  expect(said(() => pause.parse(["0"], "--every"))).toBe('USAGE: --every takes a longer duration than "0". The shortest is 1s.');
  expect(duration("window", 0, "h").parse(["0"], "--within")).toBe(0);
});

test("a number that is none is answered with one that makes sense there", () => {
  const timeout = count("<ms>", "give up then", 8000);
  expect(["abc", "0", "1.5"].map((text) => said(() => timeout.parse([text], "--timeout")))).toEqual([
    'USAGE: --timeout takes a number; "abc" is none. For example: --timeout 8000',
    'USAGE: --timeout takes a whole number of at least 1; "0" is none. For example: --timeout 8000',
    'USAGE: --timeout takes a whole number of at least 1; "1.5" is none. For example: --timeout 8000',
  ]);
});
