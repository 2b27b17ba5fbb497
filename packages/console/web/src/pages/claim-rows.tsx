import type { CheckedClaim } from "@aito/protocol";
import { Link } from "@tanstack/react-router";
import { Badge } from "../kit/badge.tsx";
import { Rows, Section } from "../kit/card.tsx";
import { Foreign } from "../kit/foreign.tsx";
import { When } from "../kit/time.tsx";
import { agentTitle, periodText } from "./words.ts";

const isId = (text: string): boolean => /^[0-9a-f-]{36}$/.test(text);

/** Claims, each with the receipts that it leads to, or what is wrong with it. */
export function ClaimRows({ claims }: { claims: readonly CheckedClaim[] }) {
  return (
    <Rows>
      {claims.map((claim) => (
        <li key={claim.id} className="px-4 py-3">
          <p className="flex flex-wrap items-baseline justify-between gap-x-4 gap-y-1">
            <span className="min-w-0">
              <Foreign text={claim.metric} className="font-medium" /> <span className="text-quiet">of </span>
              <Subject claim={claim} />
            </span>
            <span className="flex items-baseline gap-2">
              <Value claim={claim} />
              {claim.outside && <Badge tone="accent">outside</Badge>}
              <Badge tone={claim.verified ? "good" : "warn"}>{claim.verified ? "verified" : "unverified"}</Badge>
            </span>
          </p>
          <p className="mt-0.5 text-sm text-quiet">
            {agentTitle(claim.agent)} ·{" "}
            {claim.outside && <Foreign text={`told by ${claim.outside.source}, by its tool ${claim.outside.tool} · `} />}
            {claim.period ? <Foreign text={periodText(claim.period)} /> : <When at={claim.at} />}
            {claim.why && <Foreign text={` · ${claim.why}`} />}
            {claim.receipts.filter(isId).map((id) => (
              <span key={id}>
                {" · "}
                <ReceiptLink id={id} />
              </span>
            ))}
          </p>
        </li>
      ))}
    </Rows>
  );
}

/** Apart from the verified ones; nothing where there are none. */
export function UnverifiedClaims({ claims }: { claims: readonly CheckedClaim[] }) {
  if (claims.length === 0) return null;
  return (
    <Section title="Unverified" aside="no receipt states these, or another one disagrees">
      <ClaimRows claims={claims} />
    </Section>
  );
}

/** The number itself leads to the first receipt that states it. */
function Value({ claim }: { claim: CheckedClaim }) {
  const id = claim.receipts.find(isId);
  const value = <Foreign text={`${claim.value} ${claim.unit}`} className="tabular font-medium" />;
  if (id === undefined) return value;
  return (
    <Link to="/receipts/$id" params={{ id }} className="underline decoration-dotted underline-offset-4">
      {value}
    </Link>
  );
}

/** Whom or what it is about; a task by its title. */
function Subject({ claim: { entity, entityTitle } }: { claim: CheckedClaim }) {
  if (entityTitle === undefined || !isId(entity)) return <Foreign text={entity} className="text-quiet" />;
  return (
    <Link to="/work/$id" params={{ id: entity }} className="text-quiet underline decoration-dotted underline-offset-4">
      <Foreign text={entityTitle} />
    </Link>
  );
}

/** What an agent cites may be anything: only an id leads somewhere. */
export function ReceiptLink({ id }: { id: string }) {
  if (!isId(id)) return <Foreign text={`receipt ${id.slice(0, 40)}`} />;
  return (
    <Link to="/receipts/$id" params={{ id }} className="underline underline-offset-4 hover:text-text">
      receipt {id.slice(-6)}
    </Link>
  );
}
