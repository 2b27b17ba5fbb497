import { existsSync, statSync } from "node:fs";
import { userInfo } from "node:os";
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
Settings and secrets go into /etc/aito/COMPANY.env (mode 600), not into the unit; an \`up\` by hand would start without them.
Upgrade, and take over what was set there, while agents keep running: git pull; sudo systemctl reload aito (embedded: restart)
The firewall's unit goes beside it: aito service --firewall | sudo tee /etc/systemd/system/aito-firewall.service; sudo systemctl enable --now aito-firewall
JSON: {"unit"}`,
      build: (command) =>
        command
          .addOption(new Option("--engine <engine>", "where agents run (default: the folder's)").choices(["docker", "embedded"]))
          .option("--fleet <dir>", "the pack (default profiles/aito)")
          .option("--user <name>", "who runs it; root or in the group docker (default: whose folder and checkout it is, you)")
          .option("--firewall", "print the unit that loads compose/firewall.nft before Docker starts, instead"),
    },
    terminal,
    async (run, options) => {
      const folder = folderOf(terminal, options.folder);
      const { checkFleet } = await import("@aito/embedded");
      const fleetFile = fleetFileOf(terminal, options.fleet);
      const { company } = await checkFleet(fleetFile);
      const instance = readInstance(folder);
      const engine = options.engine ?? instance?.engine ?? "docker";
      const port = portOf(terminal, instance?.console ? Number(new URL(instance.console).port) : undefined);
      if (options.firewall && engine === "embedded") {
        throw new AitoError("AITO_CLI_USAGE", "the firewall closes the way to containers, and an embedded company has none", {
          hint: "leave out --firewall, or give --engine docker",
        });
      }
      const unit = options.firewall
        ? firewallUnit(inRepository("compose/firewall.nft"))
        : unitText({
            company,
            engine,
            folder,
            fleetFile,
            port,
            user: options.user ?? ownerOf(folder),
            checkout: inRepository(""),
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
  /** This program's repository. */
  checkout: string;
}

/** Who started the company: a unit run by somebody else would leave files in its folder and in the checkout that this one cannot read. */
function ownerOf(folder: string): string {
  const me = userInfo();
  const owner = existsSync(folder) ? statSync(folder).uid : me.uid;
  return owner === me.uid ? me.username : String(owner);
}

/** Told to end while it was starting. */
const interrupted = 130;

/**
 * In containers the engine restarts the programs by itself, after its own end, too, so that the unit does not go down with it; the unit brings
 * the company up after a boot and takes it down in order.
 * Embedded, the unit is the process, and agents are in it: it may write to its own place only. Error: AITO_CLI_USAGE for a path or user
 * that a unit cannot name.
 */
export function unitText(input: UnitInput): string {
  const { company, engine, folder, fleetFile, port, user } = input;
  const checkout = input.checkout.replace(/\/$/, "");
  [folder, fleetFile, checkout, user].forEach(checkNamed);
  const docker = engine === "docker";
  const place = folder.replace(/\/[^/]+$/, "") || "/";
  // A link that signs somebody in has no place in the journal.
  const flags = `--engine ${engine} --folder ${folder} --fleet ${fleetFile} --port ${port} --no-link`;
  return `[Unit]
Description=AITO company ${company}
After=${docker ? "docker.service " : ""}network-online.target
Wants=${docker ? "docker.service " : ""}network-online.target
StartLimitIntervalSec=0

[Service]
User=${user}
WorkingDirectory=${place}
Environment=AITO_UNIT=%n
EnvironmentFile=-/etc/aito/${company}.env
${docker ? dockerService({ checkout, flags, folder }) : embeddedService(`${checkout}/scripts/aito up ${flags}`, place)}
NoNewPrivileges=yes
PrivateTmp=${docker ? "no" : "yes"}

[Install]
WantedBy=multi-user.target
`;
}

/**
 * Before Docker, which starts a company's containers by itself after a power cut, and after whoever flushes all rules; Docker does not start
 * when they cannot be loaded. A reload loads them again; a restart would take Docker along. Error: AITO_CLI_USAGE for a path that a unit cannot name.
 */
export function firewallUnit(rules: string): string {
  checkNamed(rules);
  return `[Unit]
Description=AITO: what answers from outside is what this machine publishes
Before=docker.service
After=nftables.service ufw.service
RequiresMountsFor=${rules}

[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/usr/sbin/nft -f ${rules}
ExecReload=/usr/sbin/nft -f ${rules}

[Install]
RequiredBy=docker.service
`;
}

function checkNamed(text: string): void {
  if (/^[\w./@:+-]+$/.test(text)) return;
  throw new AitoError("AITO_CLI_USAGE", `a unit cannot name "${text}"`, { hint: "use a path of letters, digits and ./-_ only" });
}

/**
 * A start that failed is tried again, and what ran before is left as it is meanwhile; one that was told to stop, or a company that was, goes down
 * whole, which ExecStop does not do before a start has ended. A reload is an upgrade over the running company, with the toolchain that the new
 * version names, and by the unit: only it has the settings and secrets of its file, and a start without them takes them from the company.
 */
const dockerService = ({ checkout, flags, folder }: { checkout: string; flags: string; folder: string }): string => `Type=oneshot
RemainAfterExit=yes
ExecStart=${checkout}/scripts/aito up ${flags} --detach
ExecReload=${checkout}/node_modules/.bin/node ${checkout}/scripts/start.mjs ${flags} --detach
ExecStopPost=/bin/sh -c '[ "$$SERVICE_RESULT" != success ] || exec ${checkout}/scripts/aito down --folder ${folder}'
SuccessExitStatus=${exitCodes.notActive} ${interrupted} SIGTERM
Restart=on-failure
RestartSec=30
TimeoutStartSec=900
TimeoutStopSec=120`;

/** Whatever it ended by, it starts again: a disk that was full or a port that was held is free by itself. What must be changed is in the journal. */
const embeddedService = (up: string, place: string): string => `Type=exec
ExecStart=${up} --attach
Restart=always
RestartSec=3
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
