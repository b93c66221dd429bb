// Bundles the browser part into dist/: stable names, no inline code, nothing fetched from elsewhere.
import { build } from "esbuild";
import { cp, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import * as sass from "sass";

const here = dirname(fileURLToPath(import.meta.url));
const dist = join(here, "dist");
const packages = join(here, "node_modules");

await rm(dist, { recursive: true, force: true });
await mkdir(join(dist, "fonts"), { recursive: true });
await Promise.all([styles(), scripts(), icons(), fonts(), worker()]);
await cp(join(here, "src/logo.svg"), join(dist, "logo.svg"));

async function styles() {
  const { css } = sass.compile(join(here, "src/styles/app.scss"), {
    loadPaths: [packages],
    style: "compressed",
    quietDeps: true,
  });
  await writeFile(join(dist, "app.css"), css);
}

async function scripts() {
  await build({
    entryPoints: {
      app: join(here, "src/app.ts"),
      "pdf-viewer": join(here, "src/elements/pdf-viewer.ts"),
      "place-marks": join(here, "src/elements/place-marks.ts"),
    },
    bundle: true,
    minify: true,
    format: "esm",
    target: ["chrome115", "firefox115", "safari16.4"],
    outdir: dist,
    legalComments: "linked",
    logLevel: "warning",
  });
}

// One cached sprite with the icons of icons.json; pages refer to them as icons.svg#name.
async function icons() {
  const names = JSON.parse(await readFile(join(here, "icons.json"), "utf8"));
  const symbols = await Promise.all(
    names.map(async (name) => {
      const svg = await readFile(join(packages, "@tabler/icons/icons/outline", `${name}.svg`), "utf8");
      const inner = svg
        .replace(/^[\s\S]*?<svg[^>]*>/, "")
        .replace(/<\/svg>\s*$/, "")
        .replace(/<path stroke="none" d="M0 0h24v24H0z" fill="none"\s*\/>/, "")
        .replace(/\s*\n\s*/g, "");
      return `<symbol id="${name}" viewBox="0 0 24 24">${inner}</symbol>`;
    }),
  );
  await writeFile(join(dist, "icons.svg"), `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>`);
}

async function fonts() {
  const files = join(packages, "@fontsource-variable/inter/files");
  for (const subset of ["vietnamese", "latin", "latin-ext"]) {
    await cp(join(files, `inter-${subset}-wght-normal.woff2`), join(dist, `fonts/inter-${subset}.woff2`));
  }
  await cp(join(packages, "@fontsource-variable/inter/LICENSE"), join(dist, "fonts/LICENSE.txt"));
}

// The worker is a finished bundle already. The image decoder is the plain JavaScript one: the policy allows no wasm.
async function worker() {
  const pdfjs = join(packages, "pdfjs-dist");
  await cp(join(pdfjs, "legacy/build/pdf.worker.min.mjs"), join(dist, "pdf.worker.js"));
  await cp(join(pdfjs, "wasm/openjpeg_nowasm_fallback.js"), join(dist, "pdf/openjpeg_nowasm_fallback.js"));
  await cp(join(pdfjs, "LICENSE"), join(dist, "pdf/LICENSE.txt"));
}
