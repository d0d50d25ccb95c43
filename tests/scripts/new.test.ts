import { spawnSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { addPart as addPartHere } from "../../scripts/new.ts";

const root = resolve(import.meta.dirname, "../..");
let copy: string;

const run = (script: string, ...parameters: readonly string[]) =>
  spawnSync(process.execPath, [join(copy, script), ...parameters], {
    cwd: copy,
    encoding: "utf8",
    timeout: 100_000,
    env: { ...process.env, VITEST: undefined, NODE_ENV: "test", NO_COLOR: "1" },
  });
const addPart = (...parameters: readonly string[]) => run("scripts/new.ts", ...parameters);
const read = (path: string) => readFileSync(join(copy, path), "utf8");

beforeAll(() => {
  copy = mkdtempSync(join(tmpdir(), "athena-new-"));
  const left = new Set(["node_modules", ".git", ".athena", ".cache"]);
  for (const name of readdirSync(root).filter((entry) => !left.has(entry))) {
    cpSync(join(root, name), join(copy, name), { recursive: true });
  }
  symlinkSync(join(root, "node_modules"), join(copy, "node_modules"));
});
afterAll(() => rmSync(copy, { recursive: true }));

describe("npm run new", () => {
  test("writes a tool, a service and a node that are registered, formatted, typed and pass their tests at once", () => {
    for (const kind of ["tool", "service", "node"]) {
      const { status, stdout, stderr } = addPart(kind, `demo-${kind}`);
      expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
      expect(stdout).toContain("Next: ");
    }
    expect(read("tools/tool-list.ts")).toContain("    createDemoTool(),\n");
    expect(read("rag-services/service-list.ts")).toContain("createDemoService(deps)");
    expect(read("migrations/defaults/services.yaml")).toContain("- { id: demo-service, ");
    expect(read("docs/settings.md")).toContain("| `DEMO_SERVICE_URL` |");

    const made = [
      "tools/demo-tool.ts",
      "tests/tools/demo-tool.test.ts",
      "rag-services/demo-service",
      "tests/rag-services/demo-service",
      "nodes/demo-node.ts",
      "tests/nodes/demo-node.test.ts",
    ];
    const checked = run(
      "node_modules/@biomejs/biome/bin/biome",
      "check",
      ...made,
      "tools/tool-list.ts",
      "rag-services/service-list.ts",
      "platform/config/settings.ts",
    );
    expect(checked.status, checked.stderr).toBe(0);

    writeFileSync(
      join(copy, "tsconfig.made.json"),
      JSON.stringify({
        extends: "./tsconfig.json",
        include: [...made, "tools/tool-list.ts", "rag-services/service-list.ts"],
      }),
    );
    const typed = run("node_modules/typescript/bin/tsc", "--noEmit", "-p", "tsconfig.made.json");
    expect(typed.stdout).toBe("");

    const tests = made.filter((path) => path.startsWith("tests/"));
    const tested = run("node_modules/vitest/vitest.mjs", "run", ...tests, "tests/scripts/generate-docs.test.ts");
    expect(tested.status, tested.stdout + tested.stderr).toBe(0);
    expect(tested.stdout).toMatch(/Test Files +4 passed/);
  }, 120_000);

  test("does not overwrite, and then writes nothing", () => {
    const before = read("tools/tool-list.ts");
    const { status, stderr } = addPart("tool", "calculate");
    expect(status).toBe(1);
    expect(stderr).toContain("tools/calculate.ts exists already; nothing was written.");
    expect(read("tools/tool-list.ts")).toBe(before);
  });

  test.each([["Demo"], ["../demo"], ["demo_tool"], ["1demo"], ["demo--x"], ["a".repeat(41)], ["démo"]])(
    "refuses the name %s",
    (name) => {
      expect(() => addPartHere(copy, "node", name)).toThrow("is not a name");
    },
  );

  test.each([[[]], [["tool"]], [["banana", "demo"]], [["constructor", "demo"]]])("refuses %j", ([kind, name]) => {
    expect(() => addPartHere(copy, kind, name)).toThrow("Usage: npm run new node|tool|service NAME");
    expect(existsSync(join(copy, "tools/demo.ts"))).toBe(false);
  });

  test("explains itself", () => {
    const { status, stderr } = addPart();
    expect(status).toBe(1);
    expect(stderr).toMatch(/^Usage: npm run new node\|tool\|service NAME/);
  });
});
