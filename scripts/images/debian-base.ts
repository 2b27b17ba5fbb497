import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type DebianMirror, acquireSettings, debianMirror, readAptSources } from "../engine/apt-sources.ts";
import { aptInstall, isRoot } from "../engine/apt.ts";
import { mustDocker } from "../engine/docker.ts";
import { digest } from "../steps/inputs.ts";
import { userCache } from "../steps/places.ts";
import { Refusal } from "../steps/refusal.ts";
import { minutes, must } from "../steps/run.ts";
import { type Progress, say, step } from "../steps/step.ts";

const suite = "trixie";
const packages = ["ca-certificates", "postgresql-17", "postgresql-17-pgvector", "redis-server"];
/** Not needed to run: documents, translations, package lists, and the compiler that Postgres' JIT would use (it is off). */
const pruned = [
  "usr/share/doc usr/share/man usr/share/info usr/share/locale usr/share/lintian usr/share/bug usr/share/i18n",
  "usr/share/postgresql/17/man usr/share/perl/5.40.1/pod usr/share/perl/5.40.1/unicore/lib",
  "var/cache/apt var/cache/debconf var/lib/apt/lists var/log/apt var/log/dpkg.log var/log/bootstrap.log usr/share/zoneinfo/right",
].flatMap((line) => line.split(" "));
const prunedByName = /^(libLLVM.*|libclang.*|libz3\.so.*)$/;
const recipe = digest([], ["2", suite, ...packages, ...pruned, String(prunedByName)]).slice(0, 12);

/** The one base image of the air-gapped path: Debian with Postgres 17, pgvector and Redis 8; Node images take only its C runtime. */
export const debianTag = `aito-base-debian:${recipe}`;
const tarball = join(userCache, `base-debian-${recipe}.tar`);

/** Makes the base image from Debian's packages, once: later calls find the image or its tarball. Needs root for debootstrap. */
/** The base as a folder, for an image that needs more of Debian. Answers the mirror that it comes from. */
export async function unpackedDebian(rootfs: string): Promise<DebianMirror> {
  if (!existsSync(tarball)) await buildTarball();
  const mirror = mirrorOrRefusal();
  mkdirSync(rootfs, { recursive: true });
  await must("tar", ["--extract", "--numeric-owner", `--file=${tarball}`, "-C", rootfs], { timeoutMs: minutes(5) });
  return mirror;
}

export async function ensureDebianBase(): Promise<string> {
  if ((await mustDocker(["images", "--quiet", debianTag])).trim() !== "") return debianTag;
  if (!existsSync(tarball)) await buildTarball();
  await step("base image: import into the engine", () =>
    mustDocker(["import", "--change", "LABEL aito.base=debian", "--change", "ENV LC_ALL=C.UTF-8", tarball, debianTag], {
      timeoutMs: minutes(5),
    }),
  );
  return debianTag;
}

function mirrorOrRefusal(): DebianMirror {
  const mirror = debianMirror(readAptSources());
  if (mirror) return mirror;
  throw new Refusal(
    "no image registry answers and this machine's apt sources name no Debian mirror: set AITO_DEBIAN_MIRROR to one",
  );
}

async function buildTarball(): Promise<void> {
  const mirror = mirrorOrRefusal();
  if (!isRoot())
    throw new Refusal(
      "no image registry answers, and building base images from Debian packages needs root: run this once with sudo",
    );
  if (!existsSync("/usr/sbin/debootstrap"))
    await aptInstall(["debootstrap", "debian-archive-keyring"], "base images built from Debian packages");
  say(`  base image from Debian packages (${suite}), as root, with debootstrap`);
  mkdirSync(userCache, { recursive: true });
  const folder = mkdtempSync(join(tmpdir(), "aito-base-"));
  const rootfs = join(folder, "rootfs");
  try {
    await step("base image: debootstrap", (progress) => debootstrap(rootfs, mirror, progress));
    await step("base image: Postgres 17, pgvector, Redis 8", (progress) =>
      installPackages(rootfs, mirror, { packages, progress }),
    );
    await step("base image: pack", async () => {
      prune(rootfs);
      await must("tar", ["--create", "--numeric-owner", "--one-file-system", `--file=${tarball}.part`, "-C", rootfs, "."], {
        timeoutMs: minutes(5),
      });
      renameSync(`${tarball}.part`, tarball);
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function debootstrap(rootfs: string, mirror: DebianMirror, progress: Progress): Promise<void> {
  const args = ["--variant=minbase", suite, rootfs, mirror.archive];
  await must("debootstrap", args, { env: { ...process.env, LC_ALL: "C" }, timeoutMs: minutes(15), progress });
}

/** Installs into the folder with the packages' own scripts, but lets none of them start a service or make a cluster. */
export async function installPackages(
  rootfs: string,
  mirror: DebianMirror,
  { packages: wanted, progress }: { packages: string[]; progress: Progress },
): Promise<void> {
  const write = (path: string, text: string): void => {
    mkdirSync(join(rootfs, path, ".."), { recursive: true });
    writeFileSync(join(rootfs, path), text);
  };
  const lines = [`deb ${mirror.archive} ${suite} main`];
  if (mirror.security) lines.push(`deb ${mirror.archive} ${suite}-updates main`, `deb ${mirror.security} ${suite}-security main`);
  write("etc/apt/sources.list", `${lines.join("\n")}\n`);
  write("etc/apt/apt.conf.d/90machine", `${await acquireSettings()}\nAcquire::Languages "none";\n`);
  write("usr/sbin/policy-rc.d", "#!/bin/sh\nexit 101\n");
  chmodSync(join(rootfs, "usr/sbin/policy-rc.d"), 0o755);
  write("etc/postgresql-common/createcluster.conf", "create_main_cluster = false\n");
  write(
    "etc/dpkg/dpkg.cfg.d/slim",
    ["doc", "man", "info", "locale"].map((name) => `path-exclude=/usr/share/${name}/*\n`).join(""),
  );
  for (const name of ["resolv.conf", "hosts"])
    if (existsSync(`/etc/${name}`)) copyFileSync(`/etc/${name}`, join(rootfs, "etc", name));
  const env = { PATH: "/usr/sbin:/usr/bin:/sbin:/bin", HOME: "/root", DEBIAN_FRONTEND: "noninteractive", LC_ALL: "C" };
  const chroot = (...args: string[]): Promise<string> =>
    must("chroot", [rootfs, ...args], { env, timeoutMs: minutes(15), progress });
  await chroot("apt-get", "update");
  await chroot("apt-get", "install", "-y", "--no-install-recommends", ...wanted);
  await chroot("apt-get", "clean");
  // Nothing of this machine stays in the image.
  for (const path of [
    "etc/apt/sources.list",
    "etc/apt/apt.conf.d/90machine",
    "etc/resolv.conf",
    "etc/hosts",
    "usr/sbin/policy-rc.d",
  ]) {
    rmSync(join(rootfs, path), { force: true });
  }
}

function prune(rootfs: string): void {
  for (const path of pruned) rmSync(join(rootfs, path), { recursive: true, force: true });
  for (const folder of ["usr/lib/x86_64-linux-gnu", "usr/lib/postgresql/17/lib"]) {
    for (const name of readdirSync(join(rootfs, folder))) {
      if (prunedByName.test(name)) rmSync(join(rootfs, folder, name), { force: true });
    }
  }
  rmSync(join(rootfs, "usr/lib/postgresql/17/lib/llvmjit.so"), { force: true });
  rmSync(join(rootfs, "usr/lib/postgresql/17/lib/bitcode"), { recursive: true, force: true });
}
