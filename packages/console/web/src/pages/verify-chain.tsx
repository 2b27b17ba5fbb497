import type { ChainReport } from "@aito/protocol";
import { useMutation } from "@tanstack/react-query";
import { ShieldCheck, ShieldX } from "lucide-react";
import { visibleText } from "../../../src/visible-parts.ts";
import { get } from "../data/api.ts";
import { Button } from "../kit/button.tsx";
import { Card } from "../kit/card.tsx";
import { cn } from "../kit/cn.ts";
import { Failed } from "../kit/states.tsx";

/** Runs the check of the chain and tells what it found. */
export function VerifyChain() {
  const verify = useMutation({ mutationFn: () => get<ChainReport>("/api/v1/events/verify") });
  const report = verify.data;
  return (
    <div className="flex max-w-full flex-col items-end gap-2 max-sm:items-start">
      <Button disabled={verify.isPending} onClick={() => verify.mutate()}>
        <ShieldCheck aria-hidden /> {verify.isPending ? "Checking…" : "Verify the chain"}
      </Button>
      {verify.error && <Failed error={verify.error} retry={() => verify.mutate()} />}
      {report && (
        <Card
          role="status"
          className={cn("flex items-start gap-2 px-3 py-2 text-sm", report.ok ? "border-good text-good" : "border-bad text-bad")}
        >
          {report.ok ? (
            <ShieldCheck aria-hidden className="size-5 shrink-0" />
          ) : (
            <ShieldX aria-hidden className="size-5 shrink-0" />
          )}
          <span>
            {report.ok
              ? `All ${report.count.toLocaleString("en")} events are whole.`
              : visibleText(report.problem ?? "The chain is broken.")}
          </span>
        </Card>
      )}
    </div>
  );
}
