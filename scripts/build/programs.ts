import { join } from "node:path";
import { root } from "../steps/places.ts";

/** A bundle: one TypeScript entry becomes one file inside an image. */
export interface Bundle {
  entry: string;
  file: string;
}

/** What goes into an image: the folder `dist/<name>` with `node` and `app/` is its build context. */
export interface ImageContent {
  name: string;
  bundles: Bundle[];
  /** Folders copied into `app/`. */
  folders: { from: string; to: string }[];
  /** The console's pages are built and added. */
  web: boolean;
}

const source = (path: string): string => join(root, "packages", path);

export const images: ImageContent[] = [
  {
    name: "orchestrator",
    bundles: [
      { entry: source("orchestrator/src/main.ts"), file: "main.mjs" },
      { entry: source("db/src/migrate-main.ts"), file: "migrate.mjs" },
      { entry: source("db/src/import-main.ts"), file: "import.mjs" },
      { entry: join(root, "scripts/stack/init-secrets.ts"), file: "init-secrets.mjs" },
    ],
    folders: [{ from: join(root, "migrations"), to: "migrations" }],
    web: false,
  },
  { name: "gateway", bundles: [{ entry: source("gateway/src/main.ts"), file: "main.mjs" }], folders: [], web: false },
  { name: "console", bundles: [{ entry: source("console/src/main.ts"), file: "main.mjs" }], folders: [], web: true },
  { name: "agent", bundles: [{ entry: source("agent/src/main.ts"), file: "main.mjs" }], folders: [], web: false },
  {
    name: "rehearsal",
    bundles: [{ entry: source("rehearsal-model/src/main.ts"), file: "main.mjs" }],
    folders: [],
    web: false,
  },
];
