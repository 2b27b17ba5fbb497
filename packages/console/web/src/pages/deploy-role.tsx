import type { FleetTexts } from "@aito/protocol";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { fleetTextsQuery, revisionsQuery } from "../data/queries.ts";
import { Button } from "../kit/button.tsx";
import { Card } from "../kit/card.tsx";
import { Field, Select, TextField } from "../kit/field.tsx";
import { Loaded } from "../kit/states.tsx";
import { ChangeForm } from "./fleet-change.tsx";
import { agentTitle } from "./words.ts";

const named = /^[a-z][a-z0-9-]{1,38}$/;

/** A new role from a profile: begun from another one's, tried first, deployed as a revision of the fleet. */
export default function DeployRole({ onDone }: { onDone: () => void }) {
  const revisions = useQuery(revisionsQuery);
  const current = revisions.data?.items.find((revision) => revision.current)?.revision;
  const texts = useQuery({ ...fleetTextsQuery(current ?? 0), enabled: current !== undefined });
  const query = current === undefined ? { ...texts, error: revisions.error } : texts;
  return (
    <Card aria-label="Deploy a role" className="mb-6 px-5 py-4">
      <div className="mb-3 flex items-start justify-between gap-4">
        <div>
          <h2 className="text-lg font-semibold">Deploy a role</h2>
          <p className="text-quiet">It is tried first; nothing starts before you deploy it.</p>
        </div>
        <Button look="ghost" size="small" onClick={onDone}>
          Close
        </Button>
      </div>
      <Loaded query={query} rows={2}>
        {(data) => <RoleForm texts={data} />}
      </Loaded>
    </Card>
  );
}

function RoleForm({ texts }: { texts: FleetTexts }) {
  const [name, setName] = useState("");
  const [like, setLike] = useState("");
  const [markdown, setMarkdown] = useState("");
  const [council, setCouncil] = useState(false);
  const taken = name in texts.profiles;
  const right = named.test(name) && !taken;
  return (
    <ChangeForm
      change={{
        basedOn: texts.revision,
        profiles: { [name || "new-role"]: markdown },
        file: withRole(texts.file, name, council),
      }}
      action={`Deploy ${right ? name : "it"}`}
      ready={right && markdown.trim() !== ""}
    >
      <div className="grid gap-3 sm:grid-cols-2">
        <Field
          label="Its name"
          hint={taken ? "There is a role of this name: retrain it on its own page." : "Small letters, as in: head-of-sales"}
          maxLength={39}
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
        <Select
          label="Begin with the profile of"
          value={like}
          onChange={(event) => {
            setLike(event.target.value);
            setMarkdown(texts.profiles[event.target.value]?.markdown ?? "");
          }}
          options={Object.fromEntries([
            ["", "Nobody: write it below"],
            ...Object.keys(texts.profiles).map((role) => [role, agentTitle(role)]),
          ])}
        />
      </div>
      <label className="flex items-center gap-2">
        <input type="checkbox" checked={council} onChange={(event) => setCouncil(event.target.checked)} className="size-4" />
        It sits on the council
      </label>
      <TextField label="Profile" value={markdown} onChange={setMarkdown} />
    </ChangeForm>
  );
}

/** The fleet file with one more role; as it is where it cannot be read, for the dry run to say so. */
function withRole(text: string, name: string, council: boolean): string {
  try {
    const file = JSON.parse(text) as { roles?: Record<string, unknown>; council?: string[] };
    const roles = { ...file.roles, [name]: { profile: `${name}.md` } };
    return JSON.stringify({ ...file, roles, ...(council ? { council: [...(file.council ?? []), name] } : {}) }, null, 2);
  } catch {
    return text;
  }
}
