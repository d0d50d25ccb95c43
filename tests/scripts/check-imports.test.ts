import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { checkImports } from "../../scripts/check-imports.ts";

const made: string[] = [];
afterAll(() => {
  for (const folder of made) rmSync(folder, { recursive: true });
});

const project = (files: Readonly<Record<string, string>>): string => {
  const root = mkdtempSync(join(tmpdir(), "imports-"));
  made.push(root);
  for (const [path, source] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), source);
  }
  return root;
};

test("this project keeps its own rules", () => {
  expect(checkImports(resolve(import.meta.dirname, "../.."))).toEqual([]);
});

describe("what is caught", () => {
  test.each([
    ["an import that points up", "tools/a.ts", 'import { b } from "../nodes/b.ts";', "stands above it"],
    ["a type import that points up", "tools/a.ts", 'import type { B } from "../nodes/b.ts";', "stands above it"],
    ["a re-export that points up", "nodes/a.ts", 'export * from "../server/b.ts";', "stands above it"],
    [
      "a late import that points up",
      "atlas/a.ts",
      'export const f = () => import("../graphs/b.ts");',
      "stands above it",
    ],
    ["a sibling's value", "tools/a.ts", 'import { b } from "../atlas/b.ts";', "only types"],
    ["a value beside a sibling's type", "tools/a.ts", 'import { type B, b } from "../atlas/b.ts";', "only types"],
    [
      "an import that points up inside platform",
      "platform/db/a.ts",
      'import { b } from "../config/b.ts";',
      "stands above it",
    ],
    ["errors that import a layer", "platform/errors/a.ts", 'import { b } from "../db/b.ts";', "stands above it"],
    ["express below the server", "rag-services/a.ts", 'import express from "express";', "only in server/"],
    ["pg outside the database", "atlas/a.ts", 'import { Pool } from "pg";', "only in platform/db/"],
    [
      "the environment outside the settings",
      "nodes/a.ts",
      "export const a = process.env.HOME;",
      "platform/config/settings.ts",
    ],
    [
      "a way out past egress",
      "tools/a.ts",
      'export const a = () => fetch("http://example.test");',
      "fetch may be used only",
    ],
    [
      "a way out past egress by its long name",
      "tools/a.ts",
      'export const a = () => globalThis.fetch("x");',
      "fetch may be used only",
    ],
  ])("%s", (_, file, source, expected) => {
    expect(checkImports(project({ [file]: source }))).toEqual([expect.stringContaining(expected)]);
  });

  test("a cycle", () => {
    const root = project({
      "tools/a.ts": 'import { b } from "./b.ts"; export const a = () => b;',
      "tools/b.ts": 'import { c } from "./c.ts"; export const b = () => c;',
      "tools/c.ts": 'import { a } from "./a.ts"; export const c = () => a;',
    });
    expect(checkImports(root)).toEqual(["cycle: tools/a.ts → tools/b.ts → tools/c.ts → tools/a.ts"]);
  });
});

test("imports that point down, siblings' types and words in comments pass", () => {
  const root = project({
    "server/a.ts": 'import express from "express"; import { b } from "../graphs/b.ts";',
    "nodes/a.ts": 'import { b } from "../tools/b.ts"; import { c } from "../platform/models/c.ts";',
    "tools/a.ts":
      'import type { B } from "../atlas/b.ts";\n// fetch( and process.env are only named here\nexport const text = "fetch()";',
    "platform/cache/a.ts": 'import type { B } from "../config/b.ts";',
    "platform/db/a.ts": 'import { b } from "../errors/b.ts"; import { Pool } from "pg";',
    "platform/config/settings.ts": "export const a = process.env;",
  });
  expect(checkImports(root)).toEqual([]);
});
