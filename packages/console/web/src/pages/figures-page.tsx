import { useQuery } from "@tanstack/react-query";
import { figuresQuery } from "../data/queries.ts";
import { Section } from "../kit/card.tsx";
import { Empty, Loaded } from "../kit/states.tsx";
import { PageTitle } from "../shell/shell.tsx";
import { ClaimRows, UnverifiedClaims } from "./claim-rows.tsx";
import { Contradictions } from "./contradictions.tsx";
import { Settlements } from "./settlements.tsx";

/** What agents measured, as far as it leads to receipts; the rest apart. */
export function FiguresPage() {
  const figures = useQuery(figuresQuery);
  return (
    <>
      <PageTitle title="Figures">
        What agents measured. Each verified figure leads to the tool call that stated it; what somebody outside told us is marked.
      </PageTitle>
      <Loaded query={figures} rows={4}>
        {({ verified, unverified }) => (
          <div className="space-y-8">
            <Contradictions />
            <Section title="Verified">
              {verified.length > 0 ? (
                <ClaimRows claims={verified} />
              ) : (
                <Empty title="No verified figures yet">A figure shows here when a receipt states it.</Empty>
              )}
            </Section>
            <UnverifiedClaims claims={unverified} />
            <Settlements />
          </div>
        )}
      </Loaded>
    </>
  );
}
