import { existsSync, readFileSync, readdirSync } from "node:fs";
import { run } from "../steps/run.ts";

/** One archive that the machine's apt reads. */
export interface AptSource {
  uri: string;
  suites: string[];
}

/** Reads `deb` lines of the classic format; options in brackets are skipped over. */
export function parseList(text: string): AptSource[] {
  return text.split("\n").flatMap((line) => {
    const match = /^\s*deb\s+(?:\[[^\]]*\]\s+)?(\S+)\s+(\S+)/.exec(line);
    return match ? [{ uri: match[1]!, suites: [match[2]!] }] : [];
  });
}

/** Reads deb822 stanzas (`.sources`); a disabled stanza is left out. */
export function parseStanzas(text: string): AptSource[] {
  return text.split(/\n\s*\n/).flatMap((stanza) => {
    const lines = stanza.split("\n").filter((line) => !line.startsWith("#"));
    const field = (name: string): string => {
      const at = lines.findIndex((line) => line.toLowerCase().startsWith(`${name}:`));
      if (at < 0) return "";
      const more = lines.slice(at + 1).findIndex((line) => !/^\s/.test(line));
      return [lines[at]!.slice(name.length + 1), ...lines.slice(at + 1, more < 0 ? undefined : at + 1 + more)].join(" ").trim();
    };
    if (field("enabled").toLowerCase() === "no" || !field("types").split(/\s+/).includes("deb")) return [];
    const suites = field("suites").split(/\s+/).filter(Boolean);
    return field("uris")
      .split(/\s+/)
      .filter(Boolean)
      .map((uri) => ({ uri, suites }));
  });
}

export function readAptSources(folder = "/etc/apt"): AptSource[] {
  const read = (file: string): string => (existsSync(file) ? readFileSync(file, "utf8") : "");
  const parts = `${folder}/sources.list.d`;
  const names = existsSync(parts) ? readdirSync(parts).toSorted() : [];
  return [
    ...parseList(read(`${folder}/sources.list`)),
    ...names.flatMap((name) => {
      if (name.endsWith(".list")) return parseList(read(`${parts}/${name}`));
      return name.endsWith(".sources") ? parseStanzas(read(`${parts}/${name}`)) : [];
    }),
  ];
}

/** Where Debian's packages come from: the main archive, and the security archive when the machine uses one. */
export interface DebianMirror {
  archive: string;
  security: string | null;
}

/** The Debian mirror of the machine's own apt sources, or of AITO_DEBIAN_MIRROR; null where there is none. */
export function debianMirror(sources: AptSource[], env: NodeJS.ProcessEnv = process.env): DebianMirror | null {
  if (env["AITO_DEBIAN_MIRROR"]) return { archive: env["AITO_DEBIAN_MIRROR"], security: null };
  const plain = sources.filter(({ uri }) => /^(https?|file|mirror\+file):/.test(uri));
  const isSecurity = ({ uri, suites }: AptSource): boolean =>
    /security/.test(uri) || suites.some((suite) => suite.includes("security"));
  const archive = plain.find((source) => /debian\/?$/.test(source.uri) && !isSecurity(source));
  const security = plain.find((source) => /debian/.test(source.uri) && isSecurity(source));
  return archive ? { archive: archive.uri, security: security?.uri ?? null } : null;
}

/** The machine's own `Acquire` settings (proxy, checks), so that another root fetches the way this machine does. */
export async function acquireSettings(): Promise<string> {
  const { stdout } = await run("apt-config", ["dump"], { timeoutMs: 10_000 });
  return stdout
    .split("\n")
    .filter((line) => /^Acquire::(https?::|Check-|Retries|ForceIPv|PDiffs)/i.test(line))
    .join("\n");
}
