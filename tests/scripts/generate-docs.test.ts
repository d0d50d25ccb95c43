import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { expect, test } from "vitest";
import { loadSettings, Settings } from "../../platform/config/settings.ts";
import { errorCodes } from "../../platform/errors/error-codes.ts";
import { generatedFiles } from "../../scripts/generate-docs.ts";

const root = resolve(import.meta.dirname, "../..");

test.each(Object.entries(generatedFiles()))("%s is what the code says (npm run docs)", (path, content) => {
  expect(readFileSync(resolve(root, path), "utf8")).toBe(content);
});

test("every setting and every error code has its line", () => {
  const files = generatedFiles();
  for (const name of Object.keys(Settings.shape)) {
    expect(files["docs/settings.md"]).toContain(`| \`${name}\` |`);
    expect(files[".env.example"]).toMatch(new RegExp(`^#${name}=`, "m"));
  }
  for (const [code, { status }] of Object.entries(errorCodes)) {
    expect(files["docs/errors.md"]).toContain(`| \`${code}\` | ${status} |`);
  }
});

test("the example file, uncommented, gives the default settings", () => {
  const lines = (generatedFiles()[".env.example"] ?? "").matchAll(/^#([A-Z_]+)=(.*)$/gm);
  const environment = Object.fromEntries([...lines].map(([, name, value]) => [name, value]));
  expect(loadSettings(environment)).toEqual(loadSettings({}));
});
