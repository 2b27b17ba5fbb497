import { libraryFences, sqlClock, sqlFence, timeFence, unusedExceptions } from "./fences.ts";
import { lockfile, migrationNumbers, names, readmes, registryHosts, sizes, topLevelEntries, words } from "./layout.ts";
import { packageGraph } from "./package-graph.ts";
import type { Rule } from "./source-file.ts";

/** Every rule of the house that is checked by reading the files. */
export const allRules: Rule[] = [
  packageGraph,
  libraryFences,
  sqlFence,
  sqlClock,
  timeFence,
  unusedExceptions,
  sizes,
  names,
  topLevelEntries,
  readmes,
  migrationNumbers,
  words,
  registryHosts,
  lockfile,
];
