import { execFile, execFileSync } from "node:child_process";
import { chownSync, existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { inRepository } from "../repository.ts";
import { aito, folderFor } from "../testing/fake-console.ts";
import { firewallUnit, unitText } from "./service-command.ts";

const analyze = "/usr/bin/systemd-analyze";
const input = {
  company: "acme",
  folder: "/srv/acme/.aito",
  fleetFile: "/srv/acme/pack/fleet.yaml",
  port: 7_700,
  user: "root",
  checkout: inRepository(""),
};

test("O23 the unit brings a company up and down by the launcher, and holds no secret", () => {
  const docker = unitText({ ...input, engine: "docker" });
  expect(docker).toContain(`ExecStart=${inRepository("scripts/aito")} up --engine docker --folder /srv/acme/.aito`);
  // Docker's end is not the company's: its containers come back with it. A start that failed is tried again.
  expect(docker).toContain("\nAfter=docker.service ");
  expect(docker).not.toMatch(/^(Requires|BindsTo|PartOf)=/m);
  expect(docker).toContain("\nRestart=on-failure\n");
  // ExecStop is not run for a start that is stopped on its way.
  expect(docker).toMatch(/^ExecStopPost=.*SERVICE_RESULT.* down --folder \/srv\/acme\/\.aito'$/m);
  expect(docker).toContain("EnvironmentFile=-/etc/aito/acme.env");
  // An upgrade is the same start, over the company that runs: by hand it would lack the settings and secrets of that file.
  const flags = (key: string): string => new RegExp(`^${key}=.*?(--engine .*) --detach$`, "m").exec(docker)?.[1] ?? key;
  expect(flags("ExecReload")).toBe(flags("ExecStart"));
  expect(docker).toContain(
    `\nExecReload=${inRepository("node_modules/.bin/node")} ${inRepository("scripts/start.mjs")} --engine`,
  );
  expect(docker).not.toContain("nft");
  const embedded = unitText({ ...input, engine: "embedded" });
  expect(embedded).toMatch(/Type=exec[^]*--attach[^]*Restart=always/);
  // However it ended and however often; and a link that signs in is not for the journal.
  expect(embedded).not.toContain("RestartPrevent");
  expect(embedded).toContain("StartLimitIntervalSec=0");
  for (const unit of [docker, embedded]) expect(unit).toMatch(/^Environment=AITO_UNIT=%n$[^]*^ExecStart=.* --no-link/m);
  for (const folder of ["/srv/a b", "/srv/x\nExecStart=/bin/evil", "/srv/%h", '/srv/"']) {
    expect(() => unitText({ ...input, engine: "docker", folder })).toThrow(/a unit cannot name/);
  }
});

test("O23 the unit is run by whose company it is, on the port that it has", async () => {
  const folder = folderFor("http://127.0.0.1:7812");
  const unit = async (): Promise<string> =>
    (JSON.parse((await aito(["service", "--folder", folder, "--json"])).out) as { unit: string }).unit;
  expect(await unit()).toContain(`\nUser=${userInfo().username}\n`);
  expect(await unit()).toMatch(/^ExecStart=.* --port 7812 /m);
  if (process.getuid?.() !== 0) return;
  chownSync(folder, 1_234, 1_234);
  expect(await unit()).toContain("\nUser=1234\n");
});

test("O23 the firewall is loaded before Docker starts a company's containers, by a unit of its own", () => {
  const unit = firewallUnit("/srv/aito/compose/firewall.nft");
  expect(unit).toContain("ExecStart=/usr/sbin/nft -f /srv/aito/compose/firewall.nft\n");
  expect(unit).toContain("\nExecReload=/usr/sbin/nft -f /srv/aito/compose/firewall.nft\n");
  expect(unit).toContain("\nBefore=docker.service\n");
  expect(unit).toContain("\nRequiredBy=docker.service\n");
  expect(() => firewallUnit("/srv/a b.nft")).toThrow(/a unit cannot name/);
});

test.skipIf(!existsSync(analyze)).each(["docker", "embedded", "firewall"] as const)(
  "O23 systemd takes the unit for %s",
  async (which) => {
    const place = mkdtempSync(join(tmpdir(), "aito-unit-"));
    try {
      const file = join(place, "aito-acme.service");
      const text =
        which === "firewall"
          ? firewallUnit(inRepository("compose/firewall.nft"))
          : unitText({ ...input, engine: which, folder: join(place, ".aito") });
      writeFileSync(file, text);
      // What it says about other units of this machine is not about ours.
      const said = await new Promise<string>((resolve) => {
        execFile(analyze, ["verify", "--man=no", file], (_error, stdout, stderr) => resolve(stdout + stderr));
      });
      const ours = said.split("\n").filter((each) => each.includes("aito-acme.service:"));
      expect(ours.filter((each) => !each.includes("Command /usr/sbin/nft is not executable: No such file"))).toEqual([]);
      writeFileSync(file, text.replace("edBy=", "edBuy="));
      const broken = execFileSync("sh", ["-c", `${analyze} verify --man=no ${file} 2>&1 || true`], { encoding: "utf8" });
      expect(broken).toContain("edBuy");
    } finally {
      rmSync(place, { recursive: true, force: true });
    }
  },
);
