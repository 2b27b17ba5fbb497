import { AitoError } from "@aito/base";
import type { FleetChange, FleetDiff, FleetRevision, FleetTexts } from "@aito/protocol";
import type { Records } from "../src/records.ts";
import { hostileText, start } from "./fixture-data.ts";

const revision = (number: number, more: Partial<FleetRevision> = {}): FleetRevision => ({
  revision: number,
  source: "console",
  by: "@ada",
  comment: "The CMO promised discounts twice; it asks the CFO now.",
  at: new Date(start - (4 - number) * 86_400_000).toISOString(),
  current: number === 3,
  ...more,
});

const revisions = (): FleetRevision[] => [
  revision(3),
  revision(2, { comment: hostileText }),
  revision(1, { source: "file", by: "system", comment: "" }),
];

const texts: FleetTexts = {
  revision: 3,
  file: JSON.stringify({ version: 1, company: "aito", heads: ["ceo", "dao"] }, null, 2),
  profiles: {
    cmo: { path: "cmo.md", markdown: "# Chief Marketing Officer (CMO)\n\n## Mission\n\nDrive brand awareness." },
    cto: { path: "cto.md", markdown: "# Chief Technology Officer (CTO)" },
  },
};

const diff: FleetDiff = {
  files: [
    {
      path: "cmo.md",
      lines: [
        { sign: "gap", text: "" },
        { sign: "same", text: "### Can Decide Alone (Minor)" },
        { sign: "removed", text: "- Discounts up to 20 %" },
        { sign: "added", text: "- Daily social media posts" },
        { sign: "added", text: `- ${hostileText}` },
        { sign: "gap", text: "" },
      ],
    },
  ],
};

export const fixtureFleet = (
  note: (name: string, ...args: unknown[]) => void,
): Pick<Records, "fleetRevisions" | "fleetTexts" | "fleetRevisionDiff" | "dryRunFleet" | "deployFleet"> => ({
  fleetRevisions: async ({ limit, before }) =>
    revisions()
      .filter((row) => row.revision < (before ?? Infinity))
      .slice(0, limit),
  fleetTexts: async (wanted) => {
    if (wanted <= 3) return { ...texts, revision: wanted };
    throw new AitoError("AITO_FLEET_REVISION", `the fleet has no revision ${wanted}`, { status: 404 });
  },
  fleetRevisionDiff: async () => diff,
  dryRunFleet: async (change: FleetChange) => ({
    problems: change.file === "broken" ? ["fleet.json:1: expected a fleet file, found nothing"] : [],
    diff,
    effects: ["cmo is restarted with its changed profile."],
  }),
  deployFleet: async (change, by) => {
    note("deployFleet", change, by);
    return revision(4, { by, comment: change.comment });
  },
});
