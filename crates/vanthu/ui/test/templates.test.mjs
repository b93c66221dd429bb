import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const ui = join(dirname(fileURLToPath(import.meta.url)), "..");
const rust = join(ui, "../src");
const names = (await readdir(rust, { recursive: true })).filter((name) => /\.(html|rs)$/.test(name));
const files = await Promise.all(names.map(async (name) => [name, await readFile(join(rust, name), "utf8")]));

test("every icon that a page names is in the sprite", async () => {
  const sprite = new Set(JSON.parse(await readFile(join(ui, "icons.json"), "utf8")));
  const elements = ["pdf-viewer.ts", "place-marks.ts"];
  const scripts = await Promise.all(elements.map(async (name) => [name, await readFile(join(ui, "src/elements", name), "utf8")]));
  const used = [...files, ...scripts].flatMap(([name, text]) =>
    [...text.matchAll(/\bicon\("([a-z0-9-]+)"\)|icon: "([a-z0-9-]+)"|button\("([a-z0-9-]+)"/g)].map((found) => [
      name,
      found[1] ?? found[2] ?? found[3],
    ]),
  );
  assert.ok(used.length > 20, "the pattern finds icons at all");
  assert.deepEqual(used.filter(([, icon]) => !sprite.has(icon)), []);
});

test("no template carries inline script, style or handlers, which the policy would refuse", () => {
  const pages = files.filter(([name]) => name.endsWith(".html"));
  assert.ok(pages.length >= 3);
  const broken = pages.filter(([, text]) => /\sstyle\s*=|<style|\son[a-z]+\s*=\s*["']|<script(?![^>]*\bsrc=)|javascript:/i.test(text));
  assert.deepEqual(broken.map(([name]) => name), []);
});
