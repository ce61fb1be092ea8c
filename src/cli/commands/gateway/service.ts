import type { Broker } from "../../../broker.ts";
import { defineCommand } from "../../command.ts";
import { choice, type Given, port } from "../../option.ts";

/** A file for the system's own manager of services. Nothing is installed. */
export interface GatewayServiceReport {
  schemaVersion: 1;
  manager: "systemd" | "launchd";
  /** Where the manager looks for it. */
  path: string;
  content: string;
  /** What to run once it is there. */
  commands: string[];
}

const options = {
  manager: choice(["systemd", "launchd"], "for which manager (default: this system's)"),
  port: port("the port to serve at", 4100, 1),
};

export const gatewayService = defineCommand({
  summary: "Print the file that starts the gateway with your login",
  about: "Prints a systemd user unit, or a launchd agent on macOS, and writes nothing: its first lines say where it goes.",
  options,
  rooms: [],
  raw: true,
  examples: [{ run: "gateway service", does: "print it" }],
  run,
  human: ({ content }) => content,
  plain: ({ content }) => content,
});

function run(broker: Broker, given: Given<typeof options>): GatewayServiceReport {
  const { host, names } = broker;
  const manager = given.manager ?? (host.platform === "darwin" ? "launchd" : "systemd");
  const words = [
    names.bin,
    ...(names.profile === undefined ? [] : ["--profile", names.profile]),
    "gateway",
    "serve",
    "--port",
    String(given.port),
    "--log",
    "json",
  ];
  return manager === "systemd" ? systemd(broker, words) : launchd(broker, words);
}

/** Each profile has a gateway of its own. */
function ofProfile({ bin, profile }: Broker["names"], between: string): string {
  return profile === undefined ? bin : `${bin}${between}${profile}`;
}

function systemd({ host, names }: Broker, words: readonly string[]): GatewayServiceReport {
  const unit = `${ofProfile(names, "-")}-gateway.service`;
  const path = host.paths.join(host.osHome, ".config", "systemd", "user", unit);
  const commands = [`systemctl --user daemon-reload`, `systemctl --user enable --now ${unit}`];
  const content = [
    `# Save as ${path}, then:`,
    ...commands.map((command) => `#   ${command}`),
    "[Unit]",
    `Description=The model gateway of ${names.bin}`,
    "After=network-online.target",
    "",
    "[Service]",
    `ExecStart=/usr/bin/env ${words.join(" ")}`,
    `Environment=PATH=${systemdText(host.env["PATH"] ?? "/usr/local/bin:/usr/bin:/bin")}`,
    "Restart=on-failure",
    "RestartSec=2",
    "# The gateway lets its answers end for 30 s.",
    "TimeoutStopSec=35",
    "KillSignal=SIGTERM",
    "NoNewPrivileges=yes",
    "",
    "[Install]",
    "WantedBy=default.target",
  ].join("\n");
  return { schemaVersion: 1, manager: "systemd", path, content, commands };
}

/** A percent sign begins a specifier there. */
function systemdText(text: string): string {
  return `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("%", "%%")}"`.replace(/^"(.*)"$/, "$1").replaceAll(" ", "\\x20");
}

function launchd({ host, names }: Broker, words: readonly string[]): GatewayServiceReport {
  const label = `${ofProfile(names, ".")}.gateway`;
  const path = host.paths.join(host.osHome, "Library", "LaunchAgents", `${label}.plist`);
  const commands = [`launchctl bootstrap gui/$(id -u) ${path}`];
  const log = host.paths.join(host.osHome, "Library", "Logs", `${label}.log`);
  const strings = (texts: readonly string[]): string[] => texts.map((text) => `    <string>${xml(text)}</string>`);
  const content = [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">',
    `<!-- Save as ${xml(path)}, then: ${commands.map(xml).join("; ")} -->`,
    '<plist version="1.0">',
    "<dict>",
    "  <key>Label</key>",
    `  <string>${xml(label)}</string>`,
    "  <key>ProgramArguments</key>",
    "  <array>",
    ...strings(["/usr/bin/env", ...words]),
    "  </array>",
    "  <key>EnvironmentVariables</key>",
    "  <dict>",
    "    <key>PATH</key>",
    ...strings([host.env["PATH"] ?? "/usr/local/bin:/usr/bin:/bin"]),
    "  </dict>",
    "  <key>RunAtLoad</key>",
    "  <true/>",
    "  <key>KeepAlive</key>",
    "  <dict>",
    "    <key>SuccessfulExit</key>",
    "    <false/>",
    "  </dict>",
    "  <key>ExitTimeOut</key>",
    "  <integer>35</integer>",
    "  <key>StandardErrorPath</key>",
    ...strings([log]),
    "</dict>",
    "</plist>",
  ].join("\n");
  return { schemaVersion: 1, manager: "launchd", path, content, commands };
}

function xml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll("--", "&#45;&#45;");
}
