import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import type { Plugin } from "vite";

const TEXT = /^assets\/.*\.(js|css|svg|json)$/;
const SMALLEST = 1_024;
// GraphiQL's editor is one file of 3 MB; at the highest quality it would take half a minute.
const LARGE = 1_000_000;

/** Also writes every text asset as Brotli and as gzip, so the server does not compress at run time. */
export function compressed(): Plugin {
  return {
    name: "compressed",
    apply: "build",
    async writeBundle({ dir }, bundle) {
      if (dir === undefined) return;
      const written = Object.keys(bundle).filter((name) => TEXT.test(name));
      await Promise.all(written.map((name) => compress(join(dir, name))));
    },
  };
}

async function compress(path: string) {
  const content = await readFile(path);
  if (content.length < SMALLEST) return;
  const quality = content.length > LARGE ? 9 : constants.BROTLI_MAX_QUALITY;
  const brotli = { params: { [constants.BROTLI_PARAM_QUALITY]: quality } };
  await Promise.all([
    promisify(brotliCompress)(content, brotli).then((small) => writeFile(`${path}.br`, small)),
    promisify(gzip)(content, { level: 9 }).then((small) => writeFile(`${path}.gz`, small)),
  ]);
}
