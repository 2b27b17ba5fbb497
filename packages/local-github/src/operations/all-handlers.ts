import type { Handler } from "../asked.ts";
import { accountHandlers } from "./accounts.ts";
import { appHandlers } from "./apps.ts";
import { checkHandlers } from "./checks.ts";
import { gitDataHandlers } from "./git-data.ts";
import { issueHandlers } from "./issues.ts";
import { pullHandlers } from "./pulls.ts";
import { repositoryHandlers } from "./repositories.ts";
import { reviewHandlers } from "./reviews.ts";

/** By the description's operation id. */
export const allHandlers: ReadonlyMap<string, Handler> = new Map(
  Object.entries({
    ...accountHandlers,
    ...appHandlers,
    ...checkHandlers,
    ...gitDataHandlers,
    ...issueHandlers,
    ...pullHandlers,
    ...repositoryHandlers,
    ...reviewHandlers,
  }),
);
