import { fileURLToPath } from "node:url";

/** A path in the checkout that this command belongs to. */
export const inRepository = (path: string): string => fileURLToPath(new URL(`../../../${path}`, import.meta.url));
