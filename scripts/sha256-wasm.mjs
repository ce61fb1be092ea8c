import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import wabt from "wabt";
import { root } from "./run-program.mjs";

/**
 * Makes `src/kernel/sha256-wasm.ts` from `src/kernel/sha256.wat`, run by hand when that changes; the test compares the result with
 * node:crypto. The round constants (FIPS 180-4, 4.2.2: fractions of the cube roots of the first 64 primes) are put in here.
 */
const text = readFileSync(join(root, "src/kernel/sha256.wat"), "utf8").replace("{{round constants}}", roundConstants());
const module = (await wabt()).parseWat("sha256.wat", text);
const { buffer } = module.toBinary({ write_debug_names: false });
const lines = ["/** Made by scripts/sha256-wasm.mjs from sha256.wat. */", "export const SHA256_WASM =", `  "${Buffer.from(buffer).toString("base64")}";`];
writeFileSync(join(root, "src/kernel/sha256-wasm.ts"), `${lines.join("\n")}\n`);
console.error(`${buffer.length} bytes`);

/** Little-endian bytes, as a data segment writes them. */
function roundConstants() {
  const words = Buffer.alloc(256);
  let found = 0;
  for (let candidate = 2; found < 64; candidate++) {
    if (isPrime(candidate)) words.writeUInt32LE(Math.floor((Math.cbrt(candidate) % 1) * 2 ** 32), 4 * found++);
  }
  return [...words].map((byte) => `\\${byte.toString(16).padStart(2, "0")}`).join("");
}

function isPrime(number) {
  for (let divisor = 2; divisor * divisor <= number; divisor++) if (number % divisor === 0) return false;
  return true;
}
