import { openDocker, testLabels } from "./loopback-container.ts";

const alive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as { code?: string }).code === "EPERM";
  }
};

/** Removes the containers of one test run, and those whose test process is gone. Returns how many. */
export async function sweepContainers(run: string | null): Promise<number> {
  const docker = openDocker();
  const found = await docker.listContainers({ all: true, filters: { label: [testLabels.pid] } });
  const gone = found.filter(({ Labels: labels }) => labels[testLabels.run] === run || !alive(Number(labels[testLabels.pid])));
  for (const item of gone)
    await docker
      .getContainer(item.Id)
      .remove({ force: true, v: true })
      .catch(() => undefined);
  return gone.length;
}
