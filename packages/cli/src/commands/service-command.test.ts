import { execFile, execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { inRepository } from "../repository.ts";
import { unitText } from "./service-command.ts";

const analyze = "/usr/bin/systemd-analyze";
const input = {
  company: "acme",
  folder: "/srv/acme/.aito",
  fleetFile: "/srv/acme/pack/fleet.yaml",
  port: 7_700,
  user: "root",
  launcher: inRepository("scripts/aito"),
  firewall: null,
};

test("O23 the unit brings a company up and down by the launcher, and holds no secret", () => {
  const docker = unitText({ ...input, engine: "docker" });
  expect(docker).toContain(`ExecStart=${input.launcher} up --engine docker --folder /srv/acme/.aito`);
  expect(docker).toContain("Requires=docker.service");
  expect(docker).toContain("EnvironmentFile=-/etc/aito/acme.env");
  expect(docker).not.toContain("nft");
  const firewall = inRepository("compose/firewall.nft");
  expect(unitText({ ...input, engine: "docker", firewall })).toContain(`ExecStartPre=+/usr/sbin/nft -f ${firewall}\nExecStart=`);
  const embedded = unitText({ ...input, engine: "embedded" });
  expect(embedded).toMatch(/Type=exec[^]*--attach[^]*Restart=always/);
  // What a human must put right does not become right by starting again, and a link that signs in is not for the journal.
  expect(embedded).toContain("RestartPreventExitStatus=2 77 78");
  for (const unit of [docker, embedded]) expect(unit).toMatch(/^ExecStart=.* --no-link/m);
  for (const folder of ["/srv/a b", "/srv/x\nExecStart=/bin/evil", "/srv/%h", '/srv/"']) {
    expect(() => unitText({ ...input, engine: "docker", folder })).toThrow(/a unit cannot name/);
  }
});

test.skipIf(!existsSync(analyze)).each(["docker", "embedded"] as const)(
  "O23 systemd takes the unit for engine %s",
  async (engine) => {
    const place = mkdtempSync(join(tmpdir(), "aito-unit-"));
    try {
      const file = join(place, "aito-acme.service");
      writeFileSync(file, unitText({ ...input, engine, folder: join(place, ".aito") }));
      // What it says about other units of this machine is not about ours.
      const said = await new Promise<string>((resolve) => {
        execFile(analyze, ["verify", "--man=no", file], (_error, stdout, stderr) => resolve(stdout + stderr));
      });
      expect(said.split("\n").filter((each) => each.includes("aito-acme.service:"))).toEqual([]);
      writeFileSync(file, unitText({ ...input, engine, folder: join(place, ".aito") }).replace("WantedBy=", "WantedBuy="));
      const broken = execFileSync("sh", ["-c", `${analyze} verify --man=no ${file} 2>&1 || true`], { encoding: "utf8" });
      expect(broken).toContain("WantedBuy");
    } finally {
      rmSync(place, { recursive: true, force: true });
    }
  },
);
