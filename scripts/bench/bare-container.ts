import Docker from "dockerode";

/** Milliseconds from create to the first line of a bare Node container without network: the floor of everything that starts one. */
export async function bareContainer(image = `aito-agent:${process.env["AITO_TAG"] ?? "latest"}`): Promise<number> {
  const docker = new Docker();
  const start = performance.now();
  const container = await docker.createContainer({
    Image: image,
    Entrypoint: ["node"],
    Cmd: ["-e", "console.log('first line')"],
    Labels: { "aito.bench": "floor" },
    HostConfig: { NetworkMode: "none", Init: true },
  });
  try {
    const stream = await container.attach({ stream: true, stdout: true });
    const line = new Promise<void>((resolve) => stream.once("data", () => resolve()));
    await container.start();
    await line;
    return performance.now() - start;
  } finally {
    await container.remove({ force: true });
  }
}
