import { AitoError } from "@aito/base";
import type { EngineName } from "../instance.ts";

export interface EngineFacts {
  asked: "auto" | EngineName;
  /** What this folder's company runs on so far; null for a folder without a company. */
  known: EngineName | null;
  folder: string;
  /** Why no Docker engine answers, or null when one does. */
  dockerAway: string | null;
  /** An embedded company is to be moved over. */
  importing: boolean;
}

/**
 * Which engine to use, and why. A folder's company stays where it is: asking for the other engine would start a second, empty
 * company, so that is refused (AITO_CLI_SECOND_COMPANY) unless the first one is imported.
 */
export function chooseEngine(facts: EngineFacts): { engine: EngineName; why: string } {
  const { asked, known, folder, dockerAway } = facts;
  if (facts.importing) {
    if (asked === "embedded") {
      throw new AitoError(
        "AITO_CLI_USAGE",
        "--import moves an embedded company into containers, so it goes with --engine docker only",
      );
    }
    return { engine: "docker", why: "the embedded company is moved into containers" };
  }
  if (asked === "auto") {
    if (known !== null) return { engine: known, why: `the company in ${folder} runs on it` };
    if (dockerAway === null) return { engine: "docker", why: "a Docker engine answers" };
    return { engine: "embedded", why: `no Docker engine answers: ${dockerAway}` };
  }
  if (known === null || known === asked) return { engine: asked, why: "as asked" };
  throw new AitoError(
    "AITO_CLI_SECOND_COMPANY",
    `${folder} holds a company that runs on ${known}; --engine ${asked} would start a second, empty one`,
    {
      hint:
        known === "embedded"
          ? `move it over with: aito up --engine docker --import ${folder}   or keep it with: aito up --engine embedded`
          : "keep it with: aito up --engine docker   or start another company in a folder of its own with --folder DIR",
      fate: "human",
    },
  );
}
