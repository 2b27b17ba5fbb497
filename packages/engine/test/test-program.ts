import Docker from "dockerode";

/**
 * What the containers of these tests run (see the conformance suite for the first three). `probe` tells what a container can do.
 * It must have no backtick: it stands in an image's entry point.
 */
const program = `
const fs = require("node:fs");
const read = () => { try { return fs.readFileSync(0, "utf8"); } catch (error) { return String(error); } };
const attempt = (run) => { try { run(); return "allowed"; } catch (error) { return error.code || String(error); } };
const status = Object.fromEntries(fs.readFileSync("/proc/self/status", "utf8").split("\\n").map((line) => line.split(":\\t")));
switch (process.env.AITO_PROGRAM) {
  case "exit": process.exit(Number(process.env.AITO_CODE));
  case "crash": throw new Error("the program broke");
  case "probe": {
    fs.writeFileSync("/tmp/x", "#!/bin/true", { mode: 0o755 });
    const lines = {
      uid: process.getuid(), capabilities: status.CapEff, noNewPrivileges: status.NoNewPrivs, seccomp: status.Seccomp,
      init: fs.readlinkSync("/proc/self/exe") !== "" && process.pid !== 1,
      interfaces: fs.readdirSync("/sys/class/net"),
      files: /Max open files +(\\d+)/.exec(fs.readFileSync("/proc/self/limits", "utf8"))[1],
      writeRoot: attempt(() => fs.writeFileSync("/x", "")), writeLink: attempt(() => fs.writeFileSync("/link/x", "")),
      execTmp: require("node:child_process").spawnSync("/tmp/x").error?.code ?? "allowed",
      environment: Object.keys(process.env).sort(), hostname: require("node:os").hostname(),
      memory: fs.existsSync("/sys/fs/cgroup/memory.max") ? fs.readFileSync("/sys/fs/cgroup/memory.max", "utf8").trim()
        : fs.readFileSync("/sys/fs/cgroup/memory/memory.limit_in_bytes", "utf8").trim(),
    };
    console.log(JSON.stringify(lines));
    const socket = require("node:net").connect({ host: "192.0.2.1", port: 80 });
    socket.on("error", (error) => { console.log("connect " + error.code); process.exit(0); });
    break;
  }
  case "eat": { const held = []; for (;;) held.push(Buffer.alloc(8 * 1024 * 1024, 1)); }
  case "eat-beside": {
    const eat = "const held = []; for (;;) held.push(Buffer.alloc(8 * 1024 * 1024, 1));";
    require("node:child_process").spawn(process.execPath, ["-e", eat]).on("exit", () => process.exit(0));
    break;
  }
  case "orphans": {
    // Parents that are killed with their children unwaited for: whoever is process 1 has to bury them.
    const parent = 'for (let i = 0; i < 100; i += 1) require("node:child_process")' +
      '.spawn("/sbin/docker-init", ["--version"], { stdio: "ignore" }).on("error", () => process.exit(1));' +
      'setImmediate(() => process.kill(process.pid, "SIGKILL"));';
    for (let made = 0; made < 1000; made += 100) {
      const { signal, status } = require("node:child_process").spawnSync(process.execPath, ["-e", parent]);
      if (signal !== "SIGKILL") console.log("a parent ended with " + status);
    }
    const living = () => fs.readdirSync("/proc").filter((name) => /^[0-9]+$/.test(name)).length;
    const settle = (left) => {
      if (living() > 2 && left > 0) return void setTimeout(settle, 100, left - 1);
      console.log("processes left: " + living());
      process.exit(0);
    };
    settle(100);
    break;
  }
  default:
    console.log("stdin " + read().replaceAll("\\n", "\\\\n") + " end");
    setInterval(() => undefined, 60000);
}`;

export const testLabel = "aito.test";
const programImage = "aito-engine-test:latest";
const volume = "aito-engine-test";

/** Makes the image and the volume of these tests, or tells why it cannot. */
export async function makeTestImage(socketPath: string): Promise<{ image: string; linkVolume: string } | { missing: string }> {
  const base = process.env["AITO_TEST_NODE_IMAGE"] ?? `aito-agent:${process.env["AITO_TAG"] ?? "latest"}`;
  const docker = new Docker({ socketPath, timeout: 60_000 });
  try {
    await docker.ping();
  } catch (error) {
    return { missing: `no Docker engine answers at ${socketPath}: ${(error as Error).message}` };
  }
  try {
    await docker.getImage(base).inspect();
  } catch {
    return { missing: `the image ${base} is not there (npm start builds it, or set AITO_TEST_NODE_IMAGE)` };
  }
  const container = await docker.createContainer({
    Image: base,
    Entrypoint: ["node", "-e", program],
    Cmd: [],
    Labels: { [testLabel]: "engine" },
  });
  try {
    const [repo, tag] = programImage.split(":");
    await container.commit({ repo, tag });
  } finally {
    await container.remove({ force: true });
  }
  await docker.createVolume({ Name: volume, Labels: { [testLabel]: "engine" } });
  return { image: programImage, linkVolume: volume };
}

export async function removeTestImage(socketPath: string): Promise<void> {
  const docker = new Docker({ socketPath, timeout: 60_000 });
  await docker
    .getImage(programImage)
    .remove({ force: true })
    .catch(() => undefined);
  await docker
    .getVolume(volume)
    .remove({ force: true })
    .catch(() => undefined);
}
