/** The rooms, in the one order: a file may import from rooms to its left, never to its right. This array is the architecture. */
const ROOMS = [
  "kernel",
  "chat",
  "provider",
  "catalog",
  "config",
  "plugins",
  "state",
  "credentials",
  "protocols",
  "routing",
  "probe",
  "usage",
  "status",
  "broker",
  "gateway",
  "drill",
  "library",
  "cli",
];
const at = (room) => `^src/${room}(/|\\.ts$)`;

/** A rule with severity `error`; `why` is what a person reads who broke it. */
const forbid = (name, why, from, to) => ({ name, comment: why, severity: "error", from, to });

module.exports = {
  forbidden: [
    forbid("no-circular", "Two files that need each other are one file, or a third is missing.", {}, { circular: true }),
    forbid("not-to-unresolvable", "An import that leads nowhere.", {}, { couldNotResolve: true, pathNot: "^(node:)" }),
    ...ROOMS.slice(0, -1).map((room, i) =>
      forbid(`${room}-looks-left-only`, "Take it as a parameter, or move the word to the left.", { path: at(room) }, { path: ROOMS.slice(i + 1).map(at) }),
    ),
    forbid(
      "every-room-is-listed",
      "A new folder below src needs its place in ROOMS, in the order of imports.",
      { path: "^src/", pathNot: [...ROOMS.map(at), "^src/(index|ai|brand)\\.ts$", "^src/(host|providers)/"] },
      {},
    ),
    forbid(
      "providers-are-data",
      "A vendor is data: it imports the room provider and nothing else.",
      { path: "^src/providers/(?!index|logins/index)" },
      { pathNot: "^src/provider/" },
    ),
    forbid(
      "only-the-broker-knows-the-vendors",
      "Ask the registry, which the broker fills.",
      { path: "^src/", pathNot: "^src/(broker\\.ts|providers/)" },
      { path: "^src/providers/" },
    ),
    forbid(
      "protocols-never-see-secrets",
      "Secrets are added in credentials/authorize.ts.",
      { path: "^src/protocols/" },
      { path: "^src/(credentials/|kernel/secret)" },
    ),
    forbid(
      "rooms-touch-the-machine-through-Host",
      "Add to Host what is needed of the machine; node:util is pure and allowed in cli.",
      { path: "^src/", pathNot: "^src/(host|cli)/" },
      { dependencyTypes: ["core"] },
    ),
    forbid(
      "cli-touches-the-machine-through-Host",
      "Only node:util is allowed here.",
      { path: "^src/cli/" },
      { dependencyTypes: ["core"], pathNot: "^(node:)?util$" },
    ),
    forbid(
      "only-the-program-start-knows-the-machine",
      "Take Host as a parameter.",
      { path: "^src/", pathNot: "^src/(host/|index\\.ts$|cli/start\\.ts$)" },
      { path: "^src/host/" },
    ),
    forbid(
      "host-implements-kernel-and-state",
      "The machine knows the words, not the house.",
      { path: "^src/host/" },
      { path: "^src/(?!host/|kernel/|state/)" },
    ),
    forbid("no-brand-below-the-cli", "Rooms get InstallationNames.", { path: "^src/", pathNot: "^src/(cli/|brand|index)" }, { path: "^src/brand\\.ts$" }),
    forbid(
      "nobody-imports-the-library-door",
      "index.ts is for others; inside, import the file.",
      { path: "^src/", pathNot: "^src/ai\\.ts$" },
      { path: "^src/index\\.ts$" },
    ),
    forbid("src-knows-no-tests-or-tools", "What runs does not import what checks it.", { path: "^src/" }, { path: "^(test|e2e|bench|scripts)/" }),
    forbid(
      "types-alone-for-the-ai-sdk",
      "A provider for it is made of its types; whoever uses it has them.",
      { path: "^src/(ai\\.ts|library/ai/)" },
      { dependencyTypes: ["npm", "npm-dev", "npm-optional", "npm-peer", "npm-no-pkg", "npm-unknown"], pathNot: "(^|/)node_modules/@ai-sdk/provider/" },
    ),
    forbid(
      "only-bundled-packages",
      "Bundled by the build, behind host. A new one needs a line in docs/dependencies.md.",
      { path: "^src/", pathNot: "^src/(ai\\.ts|library/ai/)" },
      {
        dependencyTypes: ["npm", "npm-dev", "npm-optional", "npm-peer", "npm-no-pkg", "npm-unknown"],
        pathNot: "(^|/)node_modules/(undici|@clack/prompts)/",
      },
    ),
    forbid("undici-lives-behind-host", "Ask Host.http.", { path: "^src/", pathNot: "^src/host/" }, { path: "(^|/)node_modules/undici/" }),
    forbid("questions-are-asked-behind-host", "Ask Talk.", { path: "^src/", pathNot: "^src/host/prompts\\.ts$" }, { path: "(^|/)node_modules/@clack/" }),
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    // Without it type-only imports go unseen.
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: { conditionNames: ["import", "node", "types"], extensions: [".ts", ".mjs", ".js", ".json"] },
  },
};
