import { chmodSync, copyFileSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { mustDocker } from "../engine/docker.ts";
import { digest } from "../steps/inputs.ts";
import { userCache } from "../steps/places.ts";
import { minutes, must } from "../steps/run.ts";
import { step } from "../steps/step.ts";
import { installPackages, unpackedDebian } from "./debian-base.ts";

const recipe = digest([], ["1", "caddy"]).slice(0, 12);
const edgeTag = `aito-base-edge:${recipe}`;
const tarball = join(userCache, `base-edge-${recipe}.tar`);
const binary = "usr/bin/caddy";

/** The edge's base of the air-gapped path: Debian's caddy, the libraries that it needs, and certificates; nothing else. */
export async function ensureEdgeBase(): Promise<string> {
  if ((await mustDocker(["images", "--quiet", edgeTag])).trim() !== "") return edgeTag;
  if (!existsSync(tarball)) await buildTarball();
  await step("edge image: import into the engine", () =>
    mustDocker(["import", "--change", "LABEL aito.base=edge", tarball, edgeTag], { timeoutMs: minutes(5) }),
  );
  return edgeTag;
}

async function buildTarball(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "aito-edge-"));
  const [debian, rootfs] = [join(folder, "debian"), join(folder, "rootfs")];
  try {
    const mirror = await unpackedDebian(debian);
    await step("edge image: caddy", (progress) => installPackages(debian, mirror, { packages: ["caddy"], progress }));
    await collect(debian, rootfs);
    await step("edge image: pack", async () => {
      const pack = ["--create", "--numeric-owner", "--owner=0", "--group=0", `--file=${tarball}.part`, "-C", rootfs, "."];
      await must("tar", pack, { timeoutMs: minutes(5) });
      renameSync(`${tarball}.part`, tarball);
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The program and every file that its loader names. */
async function collect(debian: string, rootfs: string): Promise<void> {
  const listed = await must("chroot", [debian, "ldd", `/${binary}`], { timeoutMs: minutes(1) }).catch(() => "");
  const libraries = [...listed.matchAll(/(?:=> )?(\/\S+) \(0x/g)].map(([, path]) => path!.slice(1));
  for (const path of [binary, ...libraries, "etc/ssl/certs/ca-certificates.crt"]) {
    mkdirSync(dirname(join(rootfs, path)), { recursive: true });
    copyFileSync(join(debian, path), join(rootfs, path));
  }
  chmodSync(join(rootfs, binary), 0o755);
  for (const path of ["data", "certs", "tmp"]) mkdirSync(join(rootfs, path));
  writeFileSync(join(rootfs, "etc/passwd"), "root:x:0:0::/tmp:/nologin\nnobody:x:65534:65534::/:/nologin\n");
  writeFileSync(join(rootfs, "etc/nsswitch.conf"), "hosts: files dns\n");
}
