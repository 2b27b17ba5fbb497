import "@xyflow/react/dist/base.css";
import { Graph, layout } from "@dagrejs/dagre";
import { Link } from "@tanstack/react-router";
import {
  type Edge,
  type FitViewOptions,
  Handle,
  type Node,
  type NodeProps,
  Position,
  ReactFlow,
  ReactFlowProvider,
  useReactFlow,
} from "@xyflow/react";
import { Maximize, Minus, Plus } from "lucide-react";
import { createContext, type CSSProperties, type FocusEvent, useContext, useEffect, useMemo, useRef } from "react";
import type { OrgMember } from "../../../src/org-members.ts";
import { visibleText } from "../../../src/visible-parts.ts";
import { StateBadge } from "../kit/badge.tsx";
import { Button } from "../kit/button.tsx";
import { Card } from "../kit/card.tsx";
import { cn } from "../kit/cn.ts";
import { Foreign } from "../kit/foreign.tsx";
import { agentTitle, agentTones } from "./words.ts";

const size = { width: 256, height: 84 };
const zoom = { least: 0.1, most: 1.25, read: 0.8 };
/** More than can be read in one view: it begins at the first of them. */
const manyMin = 25;
const frame = { least: 360, most: 690, margin: 100 };

/** Who is drawn: how each one is changes often, where each one stands does not. */
const Members = createContext<ReadonlyMap<string, OrgMember>>(new Map());

/** The organization as a graph, only to look at: each one leads to its page. */
export default function OrgGraph({ members }: { members: OrgMember[] }) {
  const byName = useMemo(() => new Map(members.map((member) => [member.name, member])), [members]);
  return (
    <Members value={byName}>
      <ReactFlowProvider>
        <Drawn shape={JSON.stringify(members.map(({ name, under }) => [name, under]))} />
      </ReactFlowProvider>
    </Members>
  );
}

/** `shape`: who stands under whom, as JSON, so that the places are only looked for when that changes. */
function Drawn({ shape }: { shape: string }) {
  const placed = useMemo(() => places(JSON.parse(shape) as [string, string | null][]), [shape]);
  const { fitView } = useReactFlow();
  const moved = useRef(false);
  const frameRef = useRef<HTMLElement>(null);
  useEffect(() => {
    // Somebody who has moved it, or went into it by the keyboard, looks at something.
    if (!moved.current && !frameRef.current?.contains(document.activeElement)) void fitView(firstView(placed.nodes));
  }, [placed, fitView]);
  return (
    <Card ref={frameRef} className="flex flex-col overflow-hidden" style={{ height: placed.height }}>
      <Zoom onFit={() => (moved.current = false)} />
      <ReactFlow
        aria-label="Org chart"
        style={{ "--xy-edge-stroke": "var(--strong-line)" } as CSSProperties}
        nodes={placed.nodes}
        edges={placed.edges}
        nodeTypes={nodeTypes}
        fitView
        fitViewOptions={firstView(placed.nodes)}
        minZoom={zoom.least}
        maxZoom={zoom.most}
        onMoveStart={(event) => (moved.current ||= event !== null)}
        nodesDraggable={false}
        nodesConnectable={false}
        nodesFocusable={false}
        edgesFocusable={false}
        elementsSelectable={false}
        disableKeyboardA11y
        // The wheel and the keys belong to the page.
        zoomOnScroll={false}
        zoomOnDoubleClick={false}
        preventScrolling={false}
        deleteKeyCode={null}
        selectionKeyCode={null}
        multiSelectionKeyCode={null}
        panActivationKeyCode={null}
        zoomActivationKeyCode={null}
        // It would lead to another host; its licence does not ask for it.
        proOptions={{ hideAttribution: true }}
      />
    </Card>
  );
}

const firstView = (nodes: Node[]): FitViewOptions =>
  nodes.length < manyMin
    ? { nodes, minZoom: zoom.least, maxZoom: 1 }
    : { nodes: nodes.slice(0, 1), minZoom: zoom.read, maxZoom: zoom.read, padding: { right: "60%" } };

function Zoom({ onFit }: { onFit: () => void }) {
  const { zoomIn, zoomOut, fitView } = useReactFlow();
  const fit = (): void => {
    onFit();
    void fitView({ minZoom: zoom.least, maxZoom: 1 });
  };
  return (
    <span className="flex justify-end gap-1 border-b border-line p-1.5">
      <Button size="icon" look="ghost" aria-label="Closer" onClick={() => void zoomIn()}>
        <Plus aria-hidden />
      </Button>
      <Button size="icon" look="ghost" aria-label="Further away" onClick={() => void zoomOut()}>
        <Minus aria-hidden />
      </Button>
      <Button size="icon" look="ghost" aria-label="All of it" onClick={fit}>
        <Maximize aria-hidden />
      </Button>
    </span>
  );
}

/** Looks for everybody's place, from the left to the right. */
function places(shape: [string, string | null][]): { nodes: Node[]; edges: Edge[]; height: number } {
  const graph = new Graph<object, { x: number; y: number }>();
  graph.setGraph({ rankdir: "LR", nodesep: 14, ranksep: 64 });
  graph.setDefaultEdgeLabel(() => ({}));
  const lines = shape.flatMap(([name, under]) => (under === null ? [] : [{ name, under }]));
  for (const [name] of shape) graph.setNode(name, { ...size, x: 0, y: 0 });
  for (const { name, under } of lines) graph.setEdge(under, name);
  // As the list has them, from above to below.
  layout(graph, { disableOptimalOrderHeuristic: true });
  const nodes = shape.map(([name]): Node => {
    const { x, y } = graph.node(name);
    return {
      id: name,
      type: "member",
      position: { x: x - size.width / 2, y: y - size.height / 2 },
      data: {},
      ...size,
      measured: size,
      domAttributes: { "aria-roledescription": undefined },
    };
  });
  const edges = lines.map(({ name, under }): Edge => ({
    id: `${under} ${name}`,
    source: under,
    target: name,
    type: "smoothstep",
    // What the lines say, the list below says in words.
    domAttributes: { "aria-hidden": true },
  }));
  const tall = Math.max(...nodes.map(({ position }) => position.y + size.height)) + frame.margin;
  return { nodes, edges, height: Math.min(frame.most, Math.max(frame.least, tall)) };
}

function MemberNode({ id, positionAbsoluteX, positionAbsoluteY }: NodeProps) {
  const member = useContext(Members).get(id);
  const { setCenter, getZoom } = useReactFlow();
  if (!member) return null;
  const { seat, agent } = member;
  const comeIntoView = ({ target }: FocusEvent): void => {
    // Who came by the keyboard may have gone to one outside the frame.
    if (target.matches(":focus-visible"))
      void setCenter(positionAbsoluteX + size.width / 2, positionAbsoluteY + size.height / 2, {
        zoom: Math.max(getZoom(), zoom.read),
      });
  };
  return (
    <>
      <Handle type="target" position={Position.Left} isConnectable={false} className="invisible" />
      <Link
        to="/fleet/$name"
        params={{ name: id }}
        draggable={false}
        title={seat && visibleText(seat.title)}
        onFocus={comeIntoView}
        className={cn(
          "pointer-events-auto flex h-full flex-col justify-center rounded-lg border bg-card px-3 hover:bg-raised",
          seat?.head ? "border-accent" : "border-strong-line",
        )}
      >
        <span className="flex items-center justify-between gap-2">
          <span className="truncate font-semibold">{agentTitle(id)}</span>
          {agent && <StateBadge tone={agentTones[agent.status]}>{agent.status}</StateBadge>}
        </span>
        <span className="truncate text-sm text-quiet">{seat ? <Foreign text={seat.title} /> : "worker"}</span>
        {agent?.doing && (
          <span className="truncate text-xs text-quiet">
            <Foreign text={agent.doing} />
          </span>
        )}
      </Link>
      <Handle type="source" position={Position.Right} isConnectable={false} className="invisible" />
    </>
  );
}
const nodeTypes = { member: MemberNode };
