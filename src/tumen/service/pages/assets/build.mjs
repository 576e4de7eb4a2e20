// Bundles style and script into ../static, each named by its content.
import { build } from "esbuild";
import { createHash } from "node:crypto";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";

const into = new URL("../static/", import.meta.url);
const sources = { "desk.js": "src/desk.js", "desk.css": "src/desk.css" };

await rm(into, { recursive: true, force: true });
await mkdir(into, { recursive: true });
const names = {};
for (const [name, source] of Object.entries(sources)) {
  const built = await build({
    entryPoints: [source],
    bundle: true,
    minify: true,
    write: false,
    target: ["chrome109", "firefox115", "safari16"],
    legalComments: "inline",
  });
  const content = built.outputFiles[0].contents;
  const mark = createHash("sha256").update(content).digest("hex").slice(0, 12);
  const [stem, kind] = name.split(".");
  names[name] = `${stem}.${mark}.${kind}`;
  await writeFile(new URL(names[name], into), content);
}
const icon = await readFile("src/icon.svg");
names["icon.svg"] = "icon.svg";
await writeFile(new URL("icon.svg", into), icon);
await writeFile(new URL("manifest.json", into), JSON.stringify(names, null, 2) + "\n");
