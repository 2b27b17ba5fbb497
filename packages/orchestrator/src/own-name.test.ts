import { randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import { containerOf, ownName } from "./own-name.ts";

const id = randomBytes(32).toString("hex");
const mounts = [
  `212 108 0:73 / / ro,relatime - overlay overlay rw,lowerdir=/var/lib/docker/overlay2/l/Z4UB:/var/lib/docker/overlay2/l/J2SN,upperdir=/var/lib/docker/overlay2/${id}/diff,workdir=/x`,
  "213 212 0:80 / /proc rw,nosuid - proc proc rw",
].join("\n");

test("the container is told by its writable layer, or by its folder at the engine", () => {
  expect(containerOf(mounts)).toBe(id);
  expect(containerOf(`9 8 8:1 /var/lib/docker/containers/${id}/resolv.conf /etc/resolv.conf rw - ext4 /dev/sda rw`)).toBe(id);
  expect(containerOf("1 0 8:1 / / rw - ext4 /dev/sda rw")).toBeNull();
});

test("F03 of two orchestrators in one container only the first goes by the container's name", async () => {
  const first = await ownName(mounts);
  expect(first?.holder).toBe(id);
  expect(await ownName(mounts)).toBeNull();
  await first!.close();
  const next = await ownName(mounts);
  expect(next?.holder).toBe(id);
  await next!.close();
});

test("outside a container there is no name to go on by", async () => {
  expect(await ownName("1 0 8:1 / / rw - ext4 /dev/sda rw")).toBeNull();
});
