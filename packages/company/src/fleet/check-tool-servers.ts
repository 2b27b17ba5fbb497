import { type FleetFile, outsideToolName, outsideToolsOf, toolNameCharactersMax } from "@aito/protocol";
import { quote } from "./parse-problem.ts";
import type { YamlPath } from "./parse-yaml.ts";

/** A name or address of this machine: nobody in between can read what is sent there. */
const local = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/** What no fleet file may say of outside servers: no address or two, a secret in clear text over a network, a tool's name that is too long. */
export function checkToolServers(file: FleetFile, report: (path: YamlPath, expected: string, found: string) => void): void {
  for (const [name, server] of Object.entries(file.toolServers ?? {})) {
    const path = ["toolServers", name];
    const { url, unix, secret } = server;
    if ((url === undefined) === (unix === undefined)) {
      report(path, "either url or unix", url === undefined ? "neither" : "both");
    }
    if (url !== undefined) {
      const { protocol, hostname, username, password } = new URL(url);
      if (username !== "" || password !== "")
        report([...path, "url"], "an address without a password (use secret)", "one with it");
      if (secret !== undefined && protocol === "http:" && !local.test(hostname)) {
        report([...path, "url"], "https where a secret is sent", quote(url));
      }
    }
    if (server.secretHeader !== undefined && secret === undefined) {
      report([...path, "secretHeader"], "a secret beside it", "none");
    }
    for (const tool of Object.keys(server.tools)) {
      const whole = outsideToolName(name, tool);
      if (whole.length <= toolNameCharactersMax) continue;
      report([...path, "tools", tool], `a name of at most ${toolNameCharactersMax} characters as ${whole}`, `${whole.length}`);
    }
  }
  const outward = outsideToolsOf(file.toolServers).filter(({ entry }) => entry.risk !== "read");
  for (const [path, releases = []] of releasesOf(file))
    for (const [at, name] of releases.entries()) {
      if (!name.includes("__") || outward.some((tool) => tool.name === name)) continue;
      report([...path, at], "a tool of toolServers that does more than read", quote(name));
    }
}

const releasesOf = (file: FleetFile): [YamlPath, readonly string[] | undefined][] => [
  [["releases"], file.releases],
  ...Object.entries(file.roles).map(([role, { releases }]): [YamlPath, readonly string[] | undefined] => [
    ["roles", role, "releases"],
    releases,
  ]),
];
