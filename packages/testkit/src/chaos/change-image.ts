import { waitFor } from "../wait-for.ts";
import { agentImage, type ChaosStack } from "./chaos-stack.ts";
import type { Fault } from "./fault.ts";

/** Each agent is replaced after its run, the next one when it was heard. */
const replacedMsMax = 300_000;

/**
 * A new image under the old name, as an upgrade brings it: every agent is replaced, one after another. Only on an engine of its own,
 * whose images nobody else uses, and with nothing else breaking meanwhile: so it is no part of the random play.
 */
export const changedImage: Fault = {
  name: "the agents' image changed",
  id: "O06",
  weight: 0,
  run: async (stack) => {
    if (!stack.privateEngine) return;
    await waitFor(
      () => runningImages(stack),
      ({ length }) => length >= stack.agents.length,
      replacedMsMax,
    );
    const [made, before] = [await commitAnew(stack), new Set(await runningImages(stack))];
    stack.ledger.add({ kind: "fault", fault: "image: changed", target: "engine", kills: 0 });
    let fewest = Infinity;
    const images = async (): Promise<string[]> => {
      const running = await runningImages(stack);
      fewest = Math.min(fewest, running.length);
      return running;
    };
    await waitFor(
      images,
      (running) => running.length >= stack.agents.length && running.every((image) => image === made),
      replacedMsMax,
    ).catch(() => stack.ledger.add({ kind: "broken", what: "O06: agents run the old image although there is a new one" }));
    if (before.has(made)) stack.ledger.add({ kind: "broken", what: "O06: the image that was to change did not" });
    if (fewest < stack.agents.length - 1) {
      const what = `O06: a change of image took ${stack.agents.length - fewest} agents away at once`;
      stack.ledger.add({ kind: "broken", what });
    }
  },
};

/** The same files with another label: another image under the same name. Its id. */
async function commitAnew(stack: ChaosStack): Promise<string> {
  const docker = stack.docker();
  const [repo, tag] = agentImage().split(":");
  const made = await docker.createContainer({ Image: agentImage(), Labels: { "aito.test": "image" } });
  try {
    await made.commit({ repo, tag, changes: `LABEL aito.test.changed=${process.pid}` });
  } finally {
    await made.remove({ force: true });
  }
  return (await docker.getImage(agentImage()).inspect()).Id;
}

async function runningImages(stack: ChaosStack): Promise<string[]> {
  const filters = { label: [`aito.company=${stack.slug}`, "aito.kind=agent"], status: ["running"] };
  return (await stack.docker().listContainers({ filters })).map(({ ImageID }) => ImageID);
}
