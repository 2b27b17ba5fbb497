import { homedir } from "node:os";
import { join, resolve } from "node:path";

/** The checkout. */
export const root = resolve(import.meta.dirname, "../..");
/** What the build makes. */
export const dist = join(root, "dist");
/** Downloads and base images that serve every checkout of this user. */
export const userCache = join(process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache"), "aito");
export const bin = (name: string): string => join(root, "node_modules/.bin", name);
export const composeFile = join(root, "compose/compose.yaml");
/** The tag of the images that are built and run from this checkout; several checkouts on one engine keep apart by it. */
export const imageTag = (): string => process.env["AITO_TAG"]?.trim() || "latest";
