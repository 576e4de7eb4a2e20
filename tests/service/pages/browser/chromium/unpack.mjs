// Unpacks the packaged Chromium and the system libraries that it was built with; prints where.
import { createReadStream, createWriteStream, existsSync } from "node:fs";
import { mkdir, rename, rm, chmod } from "node:fs/promises";
import { dirname, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { fileURLToPath } from "node:url";
import { createBrotliDecompress } from "node:zlib";
import { execFileSync } from "node:child_process";

const here = dirname(fileURLToPath(import.meta.url));
const packed = join(here, "node_modules/@sparticuz/chromium/bin");
const into = join(here, "node_modules/.unpacked");
const fresh = `${into}.${process.pid}`;

async function unpack(name, to) {
  await pipeline(createReadStream(join(packed, name)), createBrotliDecompress(), createWriteStream(to));
}

if (!existsSync(into)) {
  await mkdir(fresh, { recursive: true });
  await unpack("chromium.br", join(fresh, "chromium"));
  await chmod(join(fresh, "chromium"), 0o755);
  for (const name of ["al2023.tar", "fonts.tar", "swiftshader.tar"]) {
    await unpack(`${name}.br`, join(fresh, name));
    execFileSync("tar", ["-xf", join(fresh, name), "-C", fresh]);
    await rm(join(fresh, name));
  }
  await rename(fresh, into).catch(() => rm(fresh, { recursive: true }));
}
console.log(into);
