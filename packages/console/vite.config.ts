import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig, type Plugin } from "vite";

/**
 * The Markdown reader's build for browsers decodes `&nbsp;` by writing HTML, which our policy (Trusted Types) forbids: a text with one
 * would end the page that shows it. Its other build has a table.
 */
const entitiesByTable = (): Plugin => ({
  name: "entities-by-table",
  enforce: "pre",
  async resolveId(source, importer, options) {
    if (source !== "decode-named-character-reference") return null;
    const found = await this.resolve(source, importer, { ...options, skipSelf: true });
    return found && { ...found, id: found.id.replace("index.dom.js", "index.js") };
  },
});

/** Builds the web client into dist/web. Nothing is inlined: the pages' policy allows scripts and styles from files only. */
export default defineConfig({
  root: `${import.meta.dirname}/web`,
  plugins: [entitiesByTable(), react(), tailwindcss()],
  build: {
    outDir: `${import.meta.dirname}/dist/web`,
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    sourcemap: false,
    chunkSizeWarningLimit: 600,
  },
});
