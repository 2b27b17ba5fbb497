import { visibleText } from "./visible-parts.ts";

const capitals = ["ceo", "dao", "cmo", "cto", "cfo", "coo", "cco"];

/** How people write an agent's name: `ceo` is CEO; other names stay as they are, but for what would hide in them. */
export const agentTitle = (name: string): string => (capitals.includes(name) ? name.toUpperCase() : visibleText(name));
