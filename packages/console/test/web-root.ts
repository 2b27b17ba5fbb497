import { join } from "node:path";

/** Where `vite build` puts the pages: those of tests, React's build for developers, apart from those that ship. */
export const webRoot = join(import.meta.dirname, "../dist", process.env["NODE_ENV"] === "test" ? "web-test" : "web");
