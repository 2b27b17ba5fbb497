import type { AgentView } from "@aito/protocol";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { CirclePause, CirclePlay, CircleStop, RotateCw } from "lucide-react";
import type { Act } from "../../../src/acts.ts";
import { post } from "../data/api.ts";
import { useMay } from "../data/operator-queries.ts";
import { Badge } from "../kit/badge.tsx";
import { Button } from "../kit/button.tsx";
import { cn } from "../kit/cn.ts";
import { Confirm } from "../kit/confirm.tsx";
import { useNotice } from "../kit/notices.tsx";
import { agentTitle } from "./words.ts";

type Verb = "pause" | "stop" | "start" | "restart";
const done: Record<Verb, string> = {
  pause: "takes no new work; what it is at, it ends.",
  stop: "is being stopped.",
  start: "goes on.",
  restart: "is being restarted.",
};

const acts = {
  pause: "/api/v1/agents/:name/pause",
  stop: "/api/v1/agents/:name/stop",
  start: "/api/v1/agents/:name/start",
  restart: "/api/v1/agents/:name/restart",
} as const satisfies Record<Verb, Act>;

/** Who is held back by an operator, beside how it is. */
export const HeldBadge = ({ agent: { held } }: { agent: AgentView }) =>
  held ? <Badge tone="warn">{held.as === "paused" ? "paused" : "held stopped"}</Badge> : null;

/** What may be asked of one agent: pause, stop, start and restart; the kill switch stands apart. */
export function AgentVerbs({ agent, className }: { agent: AgentView; className?: string }) {
  const tell = useNotice();
  const client = useQueryClient();
  const title = agentTitle(agent.name);
  const may = useMay();
  const stops = may("/api/v1/agents/:name/pause") && may("/api/v1/agents/:name/stop");
  const starts = may("/api/v1/agents/:name/start") && may("/api/v1/agents/:name/restart");
  const order = useMutation({
    mutationFn: (verb: Verb) => post(acts[verb], undefined, { name: agent.name }),
    onSuccess: (_accepted, verb) => tell(`${title} ${done[verb]}`),
    onError: (error) => tell(error.message, true),
    onSettled: () => client.invalidateQueries({ queryKey: ["status"] }),
  });
  if (!stops && !starts) return null;
  return (
    <div role="group" aria-label={`Orders to ${title}`} className={cn("flex flex-wrap gap-1.5", className)}>
      {agent.held && starts && (
        <Button size="small" disabled={order.isPending} onClick={() => order.mutate("start")}>
          <CirclePlay aria-hidden /> Start
        </Button>
      )}
      {agent.held && !starts && <p className="text-sm text-quiet">An owner starts it again.</p>}
      {!agent.held && stops && (
        <>
          <Button size="small" disabled={order.isPending} onClick={() => order.mutate("pause")}>
            <CirclePause aria-hidden /> Pause
          </Button>
          <Confirm
            trigger={
              <Button size="small" disabled={order.isPending}>
                <CircleStop aria-hidden /> Stop
              </Button>
            }
            title={`Stop ${title}?`}
            action="Stop it"
            look="danger"
            onConfirm={() => order.mutate("stop")}
          >
            Its container ends, and it stays stopped until {starts ? "you start it" : "an owner starts it"}. What it worked on is
            open again; nothing is lost.
          </Confirm>
        </>
      )}
      {starts && (
        <Confirm
          trigger={
            <Button size="small" disabled={order.isPending || agent.held?.as === "stopped"} aria-label={`Restart ${title}`}>
              <RotateCw aria-hidden /> Restart
            </Button>
          }
          title={`Restart ${title}?`}
          action="Restart"
          onConfirm={() => order.mutate("restart")}
        >
          Its container is replaced by a new one with epoch {agent.epoch + 1}. What it works on is open again; nothing is lost.
        </Confirm>
      )}
    </div>
  );
}
