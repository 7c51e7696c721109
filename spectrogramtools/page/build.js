// Builds what the widgets and the site load, from the files of this folder: `npm run build`. The results are committed,
// so that nobody who only uses them needs Node; a test builds them again and finds the same bytes.

import { execFile } from "node:child_process";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { build as esbuild } from "esbuild";

const run = promisify(execFile);
const HERE = fileURLToPath(new URL(".", import.meta.url));

const OPTIONS = {
  bundle: true,
  minify: true,
  charset: /** @type {const} */ ("utf8"),
  target: ["chrome105", "firefox110", "safari16"],
  legalComments: /** @type {const} */ ("none"),
  logLevel: /** @type {const} */ ("warning"),
};

// `import text from "worker:./worker.js"` gives the whole of a Worker as text, from which one can be started anywhere.
/** @type {import("esbuild").Plugin} */
const workers = {
  name: "workers",
  setup(build) {
    build.onResolve({ filter: /^worker:/ }, ({ path, resolveDir }) => ({
      path: join(resolveDir, path.slice("worker:".length)),
      namespace: "worker",
    }));
    build.onLoad({ filter: /.*/, namespace: "worker" }, async ({ path }) => {
      const result = await esbuild({ ...OPTIONS, entryPoints: [path], format: "iife", write: false });
      return { contents: result.outputFiles[0].text, loader: "text" };
    });
  },
};

/** @param {string} [out] the folder that the results go to */
export async function buildAll(out = join(HERE, "built")) {
  await mkdir(out, { recursive: true });
  await buildKernels(out);
  for (const name of ["player", "explorer", "predict", "blind", "site"]) {
    await esbuild({
      ...OPTIONS,
      entryPoints: [join(HERE, "widgets", `${name}.js`)],
      outfile: join(out, `${name}.js`),
      // The site's pages, which may come from files, load a plain script.
      format: name === "site" ? "iife" : "esm",
      plugins: [workers],
    });
  }
}

/**
 * The engine's kernels, from AssemblyScript to WebAssembly, as a module that carries the bytes as text.
 * @param {string} out
 */
async function buildKernels(out) {
  const compiler = join(HERE, "..", "..", "node_modules", "assemblyscript", "bin", "asc.js");
  const wasm = join(out, "kernels.wasm");
  const how = ["--runtime", "stub", "--enable", "simd", "-O3", "--converge", "--noAssert"];
  const cwd = join(HERE, "engine", "kernels");
  await run(process.execPath, [compiler, "index.ts", "--outFile", resolve(wasm), ...how], { cwd });
  await writeFile(join(out, "kernels.js"), `export default "${await readFile(wasm, "base64")}";\n`);
  await rm(wasm);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildAll(process.argv[2]);
