import { type DataClass, type FleetFile, type GrantList, shieldedClasses, usualGrant } from "@aito/protocol";

export interface ToolKind {
  name: string;
  dataClass: DataClass;
}

/** What each layer lets its member hold; null: this layer does not narrow. */
export interface GrantLayers {
  company: GrantList | null;
  role: GrantList;
  client: GrantList | null;
  task: GrantList | null;
  /** The role's name, and the classes that only named roles hold. */
  holder: string;
  exclusive: Partial<Record<DataClass, readonly string[]>>;
}

export type Layer = "company" | "role" | "client" | "task" | "exclusive";

/** What the fleet file, the client and the task say of one member of the company. A worker holds what its type's entry says. */
export function layersOf(
  file: FleetFile,
  member: { role: string; kind: "agent" | "worker"; client: string | null; task: GrantList | null },
): GrantLayers {
  const entry = member.kind === "worker" ? file.workers[member.role] : file.roles[member.role];
  return {
    company: file.tools ?? null,
    role: entry?.tools ?? usualGrant,
    client: (member.client === null ? undefined : file.clients?.[member.client]?.tools) ?? null,
    task: member.task,
    holder: member.role,
    exclusive: file.exclusive ?? {},
  };
}

/** Pure: the layer that keeps the tool from its member; null when company, role, client and task all grant it. */
function withheldBy(layers: GrantLayers, { name, dataClass }: ToolKind): Layer | null {
  for (const layer of ["company", "role", "client", "task"] as const) {
    const granted = layers[layer];
    if (granted !== null && !granted.includes(name) && !granted.includes(dataClass)) return layer;
  }
  const holders = layers.exclusive[dataClass];
  return holders && !holders.includes(layers.holder) ? "exclusive" : null;
}

/** Pure: the rule that keeps the tool from who sees this data, with why; null when it is held. */
export function withheld(
  { layers, sees }: { layers: GrantLayers; sees: readonly DataClass[] },
  tool: ToolKind,
): { rule: string; why: string } | null {
  const { name, dataClass } = tool;
  const layer = withheldBy(layers, tool);
  if (layer === "exclusive") {
    return { rule: `exclusive.${dataClass}`, why: `${dataClass} tools are for ${layers.exclusive[dataClass]!.join(", ")} alone` };
  }
  if (layer) return { rule: `grant.${layer}`, why: `${name} is not among the tools that its ${layer} is granted` };
  const shielded = shieldedClasses.find((each) => sees.includes(each));
  return dataClass === "web" && shielded
    ? { rule: `shield.${shielded}`, why: `${layers.holder} sees ${shielded} data, and so reads nothing from outside` }
    : null;
}
