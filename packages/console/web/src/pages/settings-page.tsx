import { useQuery } from "@tanstack/react-query";
import { sessionQuery, useMay } from "../data/operator-queries.ts";
import { Loaded } from "../kit/states.tsx";
import { PageTitle } from "../shell/shell.tsx";
import { AccountSection } from "./account-section.tsx";
import { ApiKeysSection } from "./api-keys-section.tsx";
import { ChannelsSection } from "./channels-section.tsx";
import { FleetSection } from "./fleet-section.tsx";
import { OperatorsSection } from "./operators-section.tsx";
import { SessionsSection } from "./sessions-section.tsx";

/** How you are told; the fleet file and its revisions; who may come in, and how: one's own account, signed-in browsers, keys for scripts, and for owners everybody else. */
export function SettingsPage() {
  const session = useQuery(sessionQuery);
  const may = useMay();
  return (
    <>
      <PageTitle title="Settings">Who may come in to this console, how you are told, and what the fleet is made of.</PageTitle>
      <Loaded query={session} rows={4}>
        {(me) => (
          <div className="space-y-9">
            <AccountSection me={me} />
            <ChannelsSection />
            {may("/api/v1/fleet/deploy") && <FleetSection />}
            {may("/api/v1/operators") && <OperatorsSection />}
            <SessionsSection everybody={may("/api/v1/operators")} />
            <ApiKeysSection scopes={me.scopes} />
          </div>
        )}
      </Loaded>
    </>
  );
}
