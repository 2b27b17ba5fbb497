import type { ToolPinView, ToolView } from "@aito/protocol";
import { useQuery } from "@tanstack/react-query";
import { visibleText } from "../../../src/visible-parts.ts";
import { useWhoMay } from "../data/operator-queries.ts";
import { toolPinsQuery, toolsQuery } from "../data/queries.ts";
import { waitingPins } from "../data/waiting.ts";
import { Rows, Section } from "../kit/card.tsx";
import { Foreign } from "../kit/foreign.tsx";
import { Empty, Loaded } from "../kit/states.tsx";
import { When } from "../kit/time.tsx";
import { PageTitle } from "../shell/shell.tsx";
import { PinCard } from "./tool-pins.tsx";

/** What agents may be granted; outside tools whose words wait for an answer come first. */
export function ToolsPage() {
  const pins = useQuery(toolPinsQuery);
  const tools = useQuery(toolsQuery);
  const whom = useWhoMay()("/api/v1/tool-pins/:tool/answer");
  return (
    <>
      <PageTitle title="Tools">
        What agents may be granted. What an outside tool says of itself is offered only in the words that were approved.
      </PageTitle>
      <div className="space-y-8">
        <Section title={`Words that wait for ${whom}`}>
          <Loaded query={pins} rows={2}>
            {({ items }) => <Waiting pins={waitingPins(items)} />}
          </Loaded>
        </Section>
        <Section title="All tools">
          <Loaded query={tools} rows={4}>
            {(view) => (
              <Rows>
                {view.tools.map((tool) => (
                  <ToolRow key={tool.name} tool={tool} />
                ))}
              </Rows>
            )}
          </Loaded>
        </Section>
        <Section title="Answered">
          <Loaded query={pins} rows={1}>
            {({ items }) => <Answered pins={items.filter(({ answeredAt }) => answeredAt !== null)} />}
          </Loaded>
        </Section>
      </div>
    </>
  );
}

function Waiting({ pins }: { pins: ToolPinView[] }) {
  const whom = useWhoMay()("/api/v1/tool-pins/:tool/answer");
  if (pins.length === 0) {
    return (
      <Empty title="Nothing waits">New or changed words of the fleet file's tool servers show here before agents see them.</Empty>
    );
  }
  return (
    <ul className="space-y-4" aria-label={`Tools that wait for ${whom}`}>
      {pins.map((pin) => (
        <li key={pin.tool + pin.hash}>
          <PinCard pin={pin} />
        </li>
      ))}
    </ul>
  );
}

function ToolRow({ tool }: { tool: ToolView }) {
  const costs = tool.cost.arguments ? "costs what its arguments say" : tool.cost.usd === "0" ? null : `$${tool.cost.usd} a call`;
  const facts = [tool.source, tool.risk, `data ${tool.dataClass}`, costs, tool.effectKey ? "safe to repeat" : null];
  return (
    <li className="px-4 py-3">
      <p className="font-medium wrap-anywhere">{visibleText(tool.name)}</p>
      <p className="text-sm text-quiet">{visibleText(facts.filter((fact) => fact !== null).join(" · "))}</p>
      {!tool.offered && <Foreign block text={`Not offered: ${tool.why ?? "unknown why"}`} className="mt-1 text-sm text-warn" />}
      {tool.breaker && tool.breaker.state !== "closed" && (
        <Foreign block text={`It does not answer: ${tool.breaker.lastError ?? "?"}`} className="mt-1 text-sm text-bad" />
      )}
    </li>
  );
}

function Answered({ pins }: { pins: ToolPinView[] }) {
  if (pins.length === 0) return <Empty title="No answer yet" />;
  return (
    <Rows>
      {pins.map((pin) => (
        <li key={pin.tool + pin.hash} className="px-4 py-3">
          <p className="font-medium wrap-anywhere">{visibleText(pin.tool)}</p>
          <p className="text-sm text-quiet">
            {pin.status} by {visibleText(pin.answeredBy ?? "")} <When at={pin.answeredAt!} /> ·{" "}
            {visibleText(pin.hash.slice(0, 16))}…
          </p>
        </li>
      ))}
    </Rows>
  );
}
