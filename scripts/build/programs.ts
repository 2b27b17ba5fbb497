import { join } from "node:path";
import { root } from "../steps/places.ts";

/** A bundle: one TypeScript entry becomes one file inside an image. */
export interface Bundle {
  entry: string;
  file: string;
  /** What the program imports later stands in files of its own, in `parts/` beside it: it is not read before it is asked for. */
  inParts?: true;
}

/** What goes into an image: the folder `dist/<name>` with `node` and `app/` is its build context. */
export interface ImageContent {
  name: string;
  bundles: Bundle[];
  /** Folders and files copied into `app/`, in this order. */
  folders: { from: string; to: string }[];
  /** The console's pages are built and added. */
  web: boolean;
}

const source = (path: string): string => join(root, "packages", path);

/** The local embedder's weights and its WebAssembly, as installed. */
const energetic = (path: string): string => source(`connectors/node_modules/@energetic-ai/${path}`);

export const images: ImageContent[] = [
  {
    name: "orchestrator",
    bundles: [
      { entry: source("orchestrator/src/main.ts"), file: "main.mjs", inParts: true },
      { entry: source("db/src/migrate-main.ts"), file: "migrate.mjs" },
      { entry: source("db/src/import-main.ts"), file: "import.mjs" },
      { entry: source("orchestrator/src/backup-main.ts"), file: "backup.mjs" },
      { entry: source("orchestrator/src/restore-main.ts"), file: "restore.mjs" },
      { entry: join(root, "scripts/stack/init-secrets.ts"), file: "init-secrets.mjs" },
    ],
    folders: [{ from: join(root, "migrations"), to: "migrations" }],
    web: false,
  },
  {
    name: "gateway",
    bundles: [
      { entry: source("gateway/src/main.ts"), file: "main.mjs" },
      { entry: source("connectors/src/embedders/local/thread-main.ts"), file: "embedder.mjs" },
    ],
    folders: [
      { from: energetic("model-embeddings-en/dist"), to: "embedder" },
      ...["tfjs-backend-wasm-simd.wasm", "tfjs-backend-wasm.wasm"].map((file) => ({
        from: energetic(`core/dist/${file}`),
        // It looks for them beside itself.
        to: file,
      })),
    ],
    web: false,
  },
  { name: "console", bundles: [{ entry: source("console/src/main.ts"), file: "main.mjs" }], folders: [], web: true },
  {
    name: "agent",
    bundles: [{ entry: source("agent/src/main.ts"), file: "main.mjs", inParts: true }],
    folders: [],
    web: false,
  },
  {
    name: "rehearsal",
    bundles: [
      { entry: source("rehearsal-model/src/main.ts"), file: "main.mjs" },
      { entry: source("local-github/src/main.ts"), file: "github.mjs" },
    ],
    folders: [],
    web: false,
  },
];
