import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, extname, join, relative, resolve } from "node:path";
import { build, type BuildOptions, type Plugin, version } from "esbuild";
import { digest } from "../steps/inputs.ts";
import { root } from "../steps/places.ts";
import { Refusal, reason } from "../steps/refusal.ts";
import { asciiOnly } from "./ascii-only.ts";
import type { Bundle } from "./programs.ts";

/** Raised when the way of bundling changes, so that old bundles are made again. */
const recipe = `7 ${version}`;

interface Stamp {
  digest: string;
  inputs: string[];
}

/** Packages that no container runs: the embedded database, and native parts whose absence their owners handle. */
const absent = /^(@electric-sql\/|cpu-features$|bufferutil$|utf-8-validate$|pg-native$|pino-pretty$)|\.node$/;

/**
 * Parts of packages that these load with themselves and our programs never call: of the engine's client its ways over SSH and to BuildKit
 * (a unix socket is ours), of the queues their Postgres (they are in Redis), of zod its messages in forty languages.
 */
const uncalled: { by: RegExp; part: RegExp }[] = [
  { by: /\/docker-modem\/lib\/ssh\.js$/, part: /^ssh2$/ },
  { by: /\/dockerode\/lib\/session\.js$/, part: /^@grpc\// },
  { by: /\/bullmq\/dist\/cjs\/index\.js$/, part: /^\.\/postgres$/ },
  { by: /\/zod\/v4\/(core\/index|classic\/external)\.js$/, part: /^\.\.\/locales\/index\.js$/ },
];

/** A source file may be named like a native part, without its own ending: `./platform.node` is platform.node.js. */
const isSource = (path: string, folder: string): boolean => path.startsWith(".") && existsSync(`${resolve(folder, path)}.js`);

/** Resolves what a container never loads to an empty module, so that an import of it costs nothing. */
const withoutUnused: Plugin = {
  name: "without-unused",
  setup(setup) {
    setup.onResolve({ filter: absent }, ({ path, resolveDir }) =>
      isSource(path, resolveDir) ? null : { path, namespace: "absent" },
    );
    for (const { by, part } of uncalled) {
      setup.onResolve({ filter: part }, ({ path, importer }) => (by.test(importer) ? { path, namespace: "absent" } : null));
    }
    setup.onLoad({ filter: /.*/, namespace: "absent" }, () => ({ contents: "module.exports = {};", loader: "js" }));
  },
};

/** CJS packages inside an ES module bundle ask for require, __filename and __dirname. */
const banner = [
  'import { createRequire as aitoCreateRequire } from "node:module";',
  'import { fileURLToPath as aitoFileURLToPath } from "node:url";',
  "const require = aitoCreateRequire(import.meta.url);",
  "const __filename = aitoFileURLToPath(import.meta.url);",
  'const __dirname = aitoFileURLToPath(new URL(".", import.meta.url));',
].join("");

function digestOf(inputs: string[]): string {
  return digest([...inputs, join(root, "pnpm-lock.yaml")], [recipe]);
}

/** Makes one bundle; returns false when its inputs have not changed since it was made. */
export async function bundle({ entry, file, inParts }: Bundle, folder: string): Promise<boolean> {
  const outfile = join(folder, file);
  const stampFile = join(folder, "..", `.${file}.inputs.json`);
  if (existsSync(outfile) && existsSync(stampFile)) {
    const stamp = JSON.parse(readFileSync(stampFile, "utf8")) as Stamp;
    if (stamp.digest === digestOf(stamp.inputs.map((path) => join(root, path)))) return false;
  }
  if (!existsSync(entry)) throw new Refusal(`cannot build ${file}: ${relative(root, entry)} does not exist`, { exitCode: 1 });
  // A build that fails leaves no stamp: what is there by then may lack its parts.
  rmSync(stampFile, { force: true });
  // Their names change with what is in them: those of before would stay for ever.
  if (inParts) rmSync(join(folder, partsFolder), { recursive: true, force: true });
  const inputs = await bundleWithEsbuild(entry, inParts ? partsOf(outfile) : { outfile });
  mkdirSync(dirname(stampFile), { recursive: true });
  const stamp: Stamp = { digest: digestOf(inputs.map((path) => join(root, path))), inputs };
  writeFileSync(stampFile, JSON.stringify(stamp));
  return true;
}

const partsFolder = "parts";

const partsOf = (outfile: string): BuildOptions => ({
  outdir: dirname(outfile),
  splitting: true,
  entryNames: basename(outfile, extname(outfile)),
  chunkNames: `${partsFolder}/[name]-[hash]`,
  outExtension: { ".js": extname(outfile) },
});

async function bundleWithEsbuild(entry: string, out: BuildOptions): Promise<string[]> {
  try {
    const result = await build({
      entryPoints: [entry],
      ...out,
      bundle: true,
      platform: "node",
      target: "node24",
      format: "esm",
      minifySyntax: true,
      minifyWhitespace: true,
      keepNames: true,
      sourcemap: false,
      legalComments: "none",
      logLevel: "silent",
      metafile: true,
      absWorkingDir: root,
      banner: { js: banner },
      plugins: [withoutUnused],
    });
    for (const output of Object.keys(result.metafile.outputs)) {
      const made = join(root, output);
      writeFileSync(made, asciiOnly(readFileSync(made, "utf8")));
    }
    // Installed packages are covered by the lockfile's digest.
    return Object.keys(result.metafile.inputs).filter((path) => !path.includes("node_modules/") && !path.startsWith("absent:"));
  } catch (error) {
    throw new Refusal(`bundling ${relative(root, entry)} failed: ${reason(error)}`, { exitCode: 1, cause: error });
  }
}
