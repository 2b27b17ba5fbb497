import { AitoError, exitCodes } from "@aito/base";
import { type Command, Option } from "commander";
import { folderOf, readInstance } from "../instance.ts";
import { inRepository } from "../repository.ts";
import { jsonLine, line, type Terminal } from "../terminal.ts";
import { fleetFileOf, portOf } from "../up/places.ts";
import { addCommand, type BaseOptions } from "./command-kit.ts";

interface ServiceOptions extends BaseOptions {
  engine?: "docker" | "embedded";
  fleet?: string;
  user?: string;
  firewall?: boolean;
}

/** `service`: what a server starts the company with. */
export function addService(program: Command, terminal: Terminal): void {
  addCommand<ServiceOptions>(
    program,
    {
      usage: "service",
      summary: "print a systemd unit that keeps the company up over restarts of the machine",
      json: true,
      local: true,
      detail: `Put it in its place: aito service | sudo tee /etc/systemd/system/aito.service; sudo systemctl daemon-reload; sudo systemctl enable --now aito
Settings and secrets go into /etc/aito/COMPANY.env (mode 600), not into the unit.
JSON: {"unit"}`,
      build: (command) =>
        command
          .addOption(new Option("--engine <engine>", "where agents run (default: the folder's)").choices(["docker", "embedded"]))
          .option("--fleet <dir>", "the pack (default profiles/aito)")
          .option("--user <name>", "who runs it; in the group docker (default root)")
          .option("--firewall", "docker: load compose/firewall.nft (nftables) before it starts"),
    },
    terminal,
    async (run, options) => {
      const folder = folderOf(terminal, options.folder);
      const { checkFleet } = await import("@aito/embedded");
      const fleetFile = fleetFileOf(terminal, options.fleet);
      const { company } = await checkFleet(fleetFile);
      const engine = options.engine ?? readInstance(folder)?.engine ?? "docker";
      const port = portOf(terminal, undefined);
      const unit = unitText({
        company,
        engine,
        folder,
        fleetFile,
        port,
        user: options.user ?? "root",
        launcher: inRepository("scripts/aito"),
        firewall: options.firewall ? inRepository("compose/firewall.nft") : null,
      });
      if (run.json) return jsonLine(terminal, { unit });
      line(terminal, unit.trimEnd());
    },
  );
}

export interface UnitInput {
  company: string;
  engine: "docker" | "embedded";
  folder: string;
  fleetFile: string;
  port: number;
  user: string;
  launcher: string;
  /** Rules that nftables loads first. */
  firewall: string | null;
}

/** Started again it would say the same until somebody changes something: wrong arguments, a refused key, a setting. */
const lasting = [exitCodes.usage, exitCodes.refused, exitCodes.config].join(" ");
/** Told to end while it was starting. */
const interrupted = 130;

/**
 * In containers the engine restarts the programs by itself; the unit brings the company up after a boot and takes it down in order.
 * Embedded, the unit is the process, and agents are in it: it may write to its own place only. Error: AITO_CLI_USAGE for a path or user
 * that a unit cannot name.
 */
export function unitText(input: UnitInput): string {
  const { company, engine, folder, fleetFile, port, user, launcher, firewall } = input;
  for (const text of [folder, fleetFile, launcher, user, firewall ?? "/"]) {
    if (!/^[\w./@:+-]+$/.test(text)) {
      throw new AitoError("AITO_CLI_USAGE", `a unit cannot name "${text}"`, {
        hint: "use a path of letters, digits and ./-_ only",
      });
    }
  }
  const docker = engine === "docker";
  const place = folder.replace(/\/[^/]+$/, "") || "/";
  // A link that signs somebody in has no place in the journal.
  const up = `${launcher} up --engine ${engine} --folder ${folder} --fleet ${fleetFile} --port ${port} --no-link`;
  return `[Unit]
Description=AITO company ${company}
${docker ? "Requires=docker.service\nAfter=docker.service network-online.target" : "After=network-online.target"}
Wants=network-online.target

[Service]
User=${user}
WorkingDirectory=${place}
EnvironmentFile=-/etc/aito/${company}.env
${docker ? dockerService({ up, down: `${launcher} down --folder ${folder}`, firewall }) : embeddedService(up, place)}
NoNewPrivileges=yes
PrivateTmp=${docker ? "no" : "yes"}

[Install]
WantedBy=multi-user.target
`;
}

const dockerService = ({ up, down, firewall }: { up: string; down: string; firewall: string | null }): string => `Type=oneshot
RemainAfterExit=yes
${firewall === null ? "" : `ExecStartPre=+/usr/sbin/nft -f ${firewall}\n`}ExecStart=${up} --detach
ExecStop=${down}
TimeoutStartSec=900
TimeoutStopSec=120`;

const embeddedService = (up: string, place: string): string => `Type=exec
ExecStart=${up} --attach
Restart=always
RestartSec=2
RestartPreventExitStatus=${lasting}
SuccessExitStatus=${interrupted}
TimeoutStopSec=60
MemoryMax=2G
UMask=0077
CacheDirectory=aito
Environment=XDG_CACHE_HOME=/var/cache
ProtectSystem=strict
ReadWritePaths=${place}
PrivateDevices=yes
ProtectClock=yes
ProtectControlGroups=yes
ProtectHostname=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
CapabilityBoundingSet=CAP_DAC_OVERRIDE CAP_FOWNER
LockPersonality=yes
RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX AF_NETLINK
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
SystemCallArchitectures=native
SystemCallFilter=@system-service
SystemCallErrorNumber=EPERM`;
