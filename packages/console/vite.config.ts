import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
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

const firstLoadBytesMax = 300_000;

/**
 * Each script and style also as it goes over the wire. Fails when what a first visit loads (all that the document names) has grown over its
 * limit: a page that few open belongs in a part of its own.
 */
const compressed = (): Plugin => {
  let isProduction = true;
  return {
    name: "compressed",
    apply: "build",
    enforce: "post",
    configResolved: (config) => void ({ isProduction } = config),
    writeBundle({ dir = "" }) {
      const assets = join(dir, "assets");
      for (const file of readdirSync(assets).filter((name) => /\.(js|css)$/.test(name)))
        writeFileSync(join(assets, `${file}.gz`), gzipSync(readFileSync(join(assets, file)), { level: 9 }));
      const document = readFileSync(join(dir, "index.html"), "utf8");
      const named = new Set([...document.matchAll(/\/(assets\/[^"]+\.(?:js|css))"/g)].map((match) => match[1]));
      const bytes = [...named].reduce((sum, file) => sum + readFileSync(join(dir, `${file}.gz`)).length, 0);
      // Tests take React's larger build for developers, whose warnings they want to see.
      if (named.size === 0 || (isProduction && bytes > firstLoadBytesMax))
        throw new Error(`a first visit loads ${bytes} bytes in ${named.size} files; at most ${firstLoadBytesMax} are allowed`);
    },
  };
};

/** Builds the web client into dist/web, a test's (for developers, above) beside it. Nothing is inlined: the pages' policy allows scripts and styles from files only. */
export default defineConfig({
  root: `${import.meta.dirname}/web`,
  plugins: [entitiesByTable(), react(), tailwindcss(), compressed()],
  build: {
    outDir: `${import.meta.dirname}/dist/${process.env["NODE_ENV"] === "test" ? "web-test" : "web"}`,
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    sourcemap: false,
    chunkSizeWarningLimit: 600,
  },
});
