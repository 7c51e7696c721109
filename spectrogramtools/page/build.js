// Builds what the widgets and the site load, from the files of this folder: `npm run build`. The results are committed,
// so that nobody who only uses them needs Node; a test builds them again and finds the same bytes.

import { fileURLToPath } from "node:url";
import { join } from "node:path";
import { build } from "esbuild";

const HERE = fileURLToPath(new URL(".", import.meta.url));

/** @param {string} [out] the folder that the results go to */
export async function buildAll(out = join(HERE, "built")) {
  for (const name of ["player", "chart"]) {
    await build({
      entryPoints: [join(HERE, "widgets", `${name}.js`)],
      outfile: join(out, `${name}.js`),
      bundle: true,
      minify: true,
      format: "esm",
      charset: "utf8",
      target: ["chrome105", "firefox110", "safari16"],
      legalComments: "none",
      logLevel: "warning",
    });
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildAll(process.argv[2]);
