import type { PermissionView } from "@aito/protocol";
import { hostileText, id, start } from "./fixture-data.ts";

const permission = (number: number, change: Partial<PermissionView>): PermissionView => ({
  id: id(number),
  name: "cmo-publish-text",
  tool: "publish_text",
  role: "cmo",
  constraints: [
    { path: "title", is: "equal", value: "Winter offer" },
    { path: "text", is: "shorter_than", value: 401 },
    { path: "channel", is: "absent" },
  ],
  times: 10,
  amountMicroUsd: "0",
  per: "day",
  until: null,
  createdBy: "ada",
  createdAt: new Date(start - 86_400_000).toISOString(),
  revokedAt: null,
  used: 3,
  usedMicroUsd: "0",
  ...change,
});

/** One that stands, one that is used up and costs money, one that names nothing, and one that was ended. */
export const fixturePermissions = (): PermissionView[] => [
  permission(0xa01, {}),
  permission(0xa02, {
    name: "parcels-small",
    tool: "parcels__send",
    role: null,
    constraints: [
      { path: "to", is: "one_of", value: ["ada@example.org", hostileText] },
      { path: "postage", is: "at_most", value: 5 },
    ],
    times: 20,
    amountMicroUsd: "100000000",
    used: 20,
    usedMicroUsd: "83500000",
    per: "week",
    until: new Date(start + 30 * 86_400_000).toISOString(),
  }),
  permission(0xa03, { name: "anything-goes", constraints: [], per: "total", used: 0 }),
  permission(0xa04, { name: "old-posts", revokedAt: new Date(start - 3_600_000).toISOString(), used: 1 }),
];
