import type { AgentSession } from "@aito/company";

/** Who makes a model call: an agent by its session, or a program outside by a gateway key. A key can call models, nothing else. */
export type Caller = AgentCaller | KeyCaller;

interface Common {
  /** For people and for the rate limit: the agent's name, or `key:<name>`. */
  name: string;
  /** Ids of the models that it may ask for; aliases of them too. */
  models: string[];
}

export interface AgentCaller extends Common {
  kind: "agent";
  session: AgentSession;
  /** Checked once more when the call's money is set aside. */
  sessionHash: string;
}

export interface KeyCaller extends Common {
  kind: "key";
  keyId: string;
}

/** The platform itself, for a summary or an answer to an operator; no token stands for it. */
export interface PlatformCaller extends Common {
  kind: "platform";
  agentId: string | null;
}

/** Finds the caller that a token stands for; null when the token is not of its kind. Throws when it is, but is not good. */
export type CallerSource = (token: string) => Promise<Caller | null>;
