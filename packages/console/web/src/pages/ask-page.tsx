import type { AskAnswer, Evidence, Prose } from "@aito/protocol";
import { useMutation } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Search } from "lucide-react";
import { useId, useState } from "react";
import { post } from "../data/api.ts";
import { Button } from "../kit/button.tsx";
import { Card, Rows, Section } from "../kit/card.tsx";
import { Figured } from "../kit/figured.tsx";
import { Foreign } from "../kit/foreign.tsx";
import { Empty, Failed, Loading } from "../kit/states.tsx";
import { When } from "../kit/time.tsx";
import { PageTitle } from "../shell/shell.tsx";
import { ClaimRows } from "./claim-rows.tsx";
import { agentTitle } from "./words.ts";

/** A question to the records: an answer with its citations, or that the records do not tell. */
export function AskPage() {
  const [question, setQuestion] = useState("");
  const field = useId();
  const ask = useMutation({ mutationFn: (text: string) => post<AskAnswer>("/api/v1/ask", { question: text }) });
  const send = (): void => {
    if (question.trim() !== "") ask.mutate(question.trim());
  };
  return (
    <>
      <PageTitle title="Ask">What do the records say? Every answer names the records that it rests on.</PageTitle>
      <form
        className="mb-7 flex flex-wrap items-end gap-2"
        onSubmit={(event) => {
          event.preventDefault();
          send();
        }}
      >
        <div className="min-w-0 flex-1 basis-72">
          <label htmlFor={field} className="text-sm font-medium">
            Question
          </label>
          <input
            id={field}
            value={question}
            maxLength={2_000}
            placeholder="What did the CTO do today?"
            onChange={(event) => setQuestion(event.target.value)}
            className="mt-1 block min-h-10 w-full rounded-lg border border-strong-line bg-page px-3"
          />
        </div>
        <Button look="primary" disabled={ask.isPending || question.trim() === ""} onClick={send}>
          <Search aria-hidden /> {ask.isPending ? "Looking…" : "Ask"}
        </Button>
      </form>
      {ask.isPending ? (
        <Loading rows={4} />
      ) : ask.error ? (
        <Failed error={ask.error} retry={send} />
      ) : ask.data ? (
        <Answer answer={ask.data} />
      ) : (
        <Empty title="Nothing asked yet">
          Name an agent, a day or a matter: “What did the CTO do today?”, “Why was the campaign stopped?”
        </Empty>
      )}
    </>
  );
}

function Answer({ answer }: { answer: AskAnswer }) {
  const { told, prose, noProse, evidence, by } = answer;
  return (
    <div role="status" className="space-y-7">
      {!told && (
        <Card className="border-l-4 border-l-warn px-5 py-4">
          <p className="font-semibold">The records do not tell.</p>
          {noProse && <p className="mt-1 text-sm text-quiet first-letter:uppercase">{noProse}.</p>}
        </Card>
      )}
      {told && prose && <Sentences prose={prose} />}
      {told && !prose && noProse && <p className="text-sm text-quiet first-letter:uppercase">{noProse}.</p>}
      {answer.figures && answer.figures.unverified.length > 0 && (
        <Section title="Unverified" aside="no receipt states these, or another one disagrees">
          <ClaimRows claims={answer.figures.unverified} />
        </Section>
      )}
      {evidence.length > 0 && (
        <Section
          title={told ? "The records" : "What was looked at"}
          aside={by === "meaning" ? "found by meaning, words and time" : "found by words and time"}
        >
          <Rows>
            {evidence.map((each, at) => (
              <Record key={`${each.kind} ${each.id}`} record={each} number={at + 1} />
            ))}
          </Rows>
        </Section>
      )}
    </div>
  );
}

function Sentences({ prose }: { prose: Prose }) {
  return (
    <Card className="px-5 py-4">
      <div className="space-y-1.5">
        {prose.sentences.map(({ text, cites, doubtful, numbers }, at) => (
          <p key={at}>
            <Figured text={text} numbers={numbers} />{" "}
            {cites.map((cite) => (
              <a
                key={cite}
                href={`#record-${cite + 1}`}
                className="tabular mr-0.5 rounded bg-raised px-1 text-sm text-quiet hover:text-text"
                aria-label={`record ${cite + 1}`}
              >
                {cite + 1}
              </a>
            ))}
            {doubtful.length > 0 && (
              <span className="text-sm text-bad"> {doubtful.join(", ")} stands in none of these records</span>
            )}
          </p>
        ))}
      </div>
      <p className="mt-3 text-sm text-quiet">
        Written by <Foreign text={prose.model} /> from the records below
        {prose.dropped > 0 && `; ${prose.dropped} ${prose.dropped === 1 ? "sentence" : "sentences"} without a record left out`}
      </p>
    </Card>
  );
}

function Record({ record, number }: { record: Evidence; number: number }) {
  const { kind, id, at, who, text, source, why, numbers } = record;
  return (
    <li id={`record-${number}`} className="flex gap-3 px-4 py-3 target:bg-raised">
      <span className="tabular w-7 shrink-0 text-right text-sm text-quiet">{number}</span>
      <div className="min-w-0 flex-1">
        <Figured block text={text} numbers={numbers} className="line-clamp-6" />
        <p className="mt-1 text-sm text-quiet">
          <Foreign text={agentTitle(who)} /> · <When at={at} />
          {source === "outside" && <span className="font-medium text-warn"> · text from outside</span>}
          {why.length > 0 && ` · ${why.join("; ")}`}
        </p>
        <p className="mt-0.5 font-mono text-xs break-all text-quiet">
          {kind === "receipt" ? (
            <Link to="/receipts/$id" params={{ id }} className="underline underline-offset-4">
              receipt {id}
            </Link>
          ) : (
            `${kind} ${id}`
          )}
        </p>
      </div>
    </li>
  );
}
