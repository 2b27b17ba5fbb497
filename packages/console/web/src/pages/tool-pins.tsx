import type { ToolPinView } from "@aito/protocol";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { visibleText } from "../../../src/visible-parts.ts";
import { post } from "../data/api.ts";
import { useMay } from "../data/operator-queries.ts";
import { Button } from "../kit/button.tsx";
import { Card } from "../kit/card.tsx";
import { Compared } from "../kit/compared.tsx";
import { Problem } from "../kit/field.tsx";
import { Inside, Visible } from "../kit/foreign.tsx";
import { useNotice } from "../kit/notices.tsx";
import { When } from "../kit/time.tsx";

type Words = Pick<ToolPinView, "description" | "inputSchema" | "outputSchema">;
const parts = (pin: Words): [label: string, text: string][] => [
  ["Says", pin.description],
  ["Takes", readable(pin.inputSchema)],
  ["Answers", pin.outputSchema === null ? "" : readable(pin.outputSchema)],
];
/** As it was sent where it is no JSON: one broken tool must not end the page. */
function readable(schema: string): string {
  try {
    return JSON.stringify(JSON.parse(schema), null, 2);
  } catch {
    return schema;
  }
}

/** Words of an outside tool that are new or have changed, beside what was approved, with the answer to exactly these. */
export function PinCard({ pin }: { pin: ToolPinView }) {
  const name = visibleText(pin.tool);
  const client = useQueryClient();
  const tell = useNotice();
  const may = useMay();
  const answer = useMutation({
    mutationFn: (word: "approve" | "refuse") =>
      post("/api/v1/tool-pins/:tool/answer", { answer: word, hash: pin.hash }, { tool: pin.tool }),
    onSuccess: (_result, word) => tell(word === "approve" ? `${name} is offered now.` : `${name} is not offered.`),
    onSettled: () => client.invalidateQueries(),
  });
  const before = pin.before ? new Map(parts(pin.before)) : null;
  return (
    <Card className="border-l-4 border-l-warn px-5 py-4" aria-label={`Tool: ${name}`}>
      <h2 className="font-semibold wrap-anywhere">
        {name}: {before ? "an outside tool says something else of itself" : "a new outside tool"}
      </h2>
      <p className="mt-0.5 text-sm text-quiet">
        first said <When at={pin.firstSeenAt} /> · its words are the server's own; {before ? "the approved ones" : "nothing"}{" "}
        {before ? "are not offered while it says these" : "is offered before they are answered"}
      </p>
      {pin.problem !== null && (
        <p className="mt-2 font-medium text-bad">
          <Inside>
            It cannot be offered: <Visible text={pin.problem} />
          </Inside>
        </p>
      )}
      <dl className="mt-3 space-y-2">
        {parts(pin).map(([label, text]) =>
          text === "" && !before?.get(label) ? null : (
            <div key={label}>
              <dt className="text-sm text-quiet">{label}</dt>
              <dd className="max-h-80 overflow-auto rounded-lg border border-line bg-page px-3 py-2 font-mono text-sm">
                <Inside block dir="ltr">
                  <Compared before={before?.get(label) ?? null} after={text} />
                </Inside>
              </dd>
            </div>
          ),
        )}
      </dl>
      <Problem error={answer.error} className="mt-2" />
      <div className="mt-3 flex flex-wrap items-center gap-2">
        {may("/api/v1/tool-pins/:tool/answer") ? (
          <>
            <Button
              look="good"
              disabled={answer.isPending || pin.problem !== null}
              onClick={() => answer.mutate("approve")}
              className="max-sm:w-full"
            >
              Approve
            </Button>
            <Button look="danger" disabled={answer.isPending} onClick={() => answer.mutate("refuse")} className="max-sm:w-full">
              Deny
            </Button>
          </>
        ) : (
          <span className="text-sm text-quiet">An owner answers it.</span>
        )}
        <span className="font-mono text-xs break-all text-quiet">{pin.hash.slice(0, 16)}…</span>
      </div>
    </Card>
  );
}
