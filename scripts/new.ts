import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { addLineBefore, register } from "./register.ts";
import { type Files, type Names, namesOf } from "./templates/names.ts";
import { nodeFiles } from "./templates/node.ts";
import { serviceFiles } from "./templates/service.ts";
import { toolFiles } from "./templates/tool.ts";

/** `npm run new node|tool|service NAME`: writes the files with their test and registers them. */

interface Kind {
  readonly files: (names: Names) => Files;
  /** Files of the project that change, each with how. */
  readonly changes: (names: Names) => Readonly<Record<string, (source: string) => string>>;
  readonly next: (names: Names) => string;
}

const kinds: Readonly<Record<string, Kind>> = {
  tool: {
    files: toolFiles,
    changes: ({ kebab, pascal }) => ({
      "tools/tool-list.ts": (source) =>
        register(source, {
          list: "createTools",
          importLine: `import { create${pascal} } from "./${kebab}.ts";`,
          entry: `create${pascal}()`,
        }),
    }),
    next: ({ snake }) =>
      `Next: say what it does in tools/, and let questions reach it with an intent whose kind is 'tool' and target '${snake}' in migrations/defaults/.`,
  },
  service: {
    files: serviceFiles,
    changes: ({ kebab, pascal, upper, words }) => ({
      "rag-services/service-list.ts": (source) =>
        register(source.replace("(_deps: ServiceDeps)", "(deps: ServiceDeps)"), {
          list: "createServices",
          importLine: `import { create${pascal} } from "./${kebab}/service.ts";`,
          entry: `create${pascal}(deps)`,
        }),
      "platform/config/settings.ts": (source) =>
        addLineBefore(source, "  EVENT_FEEDS:", `  ${upper}_URL: url.optional().describe("Address of ${words}."),`),
      "migrations/defaults/services.yaml": (source) =>
        `${source.trimEnd()}\n- { id: ${kebab}, url: null, cacheSeconds: 300, timeoutMs: 4000 }\n`,
    }),
    next: ({ kebab, snake, upper }) =>
      `Next: fit the provider to the real one (${upper}_URL), and let questions reach it with an intent '${snake}' whose kind is 'service' and target '${kebab}' in migrations/defaults/.`,
  },
  node: {
    files: nodeFiles,
    changes: () => ({}),
    next: ({ camel, pascal }) =>
      `Next: wire it in graphs/query.ts: .addNode("${camel}", timed("${camel}", create${pascal}(deps.${camel})) satisfies Node) and its edges.`,
  },
};

const usage = "Usage: npm run new node|tool|service NAME (NAME in kebab-case, for example ferry-times)";

/**
 * Writes a new part into the project at `root`; gives the paths written and what to do next. Writes nothing when it fails.
 * @throws {Error} with a sentence for wrong arguments, an existing file, or a list that cannot be found.
 */
export const addPart = (
  root: string,
  kindName: string | undefined,
  name: string | undefined,
): { readonly written: readonly string[]; readonly next: string } => {
  const kind = kindName !== undefined && Object.hasOwn(kinds, kindName) ? kinds[kindName] : undefined;
  if (!kind || name === undefined) throw new Error(usage);
  const names = namesOf(name);
  if (!names) throw new Error(`'${name}' is not a name: use up to 40 small letters, digits and single hyphens.`);
  const files = kind.files(names);
  const taken = Object.keys(files).find((path) => existsSync(join(root, path)));
  if (taken) throw new Error(`${taken} exists already; nothing was written.`);
  const changed = Object.entries(kind.changes(names)).map(
    ([path, change]) => [path, change(readFileSync(join(root, path), "utf8"))] as const,
  );
  const all = [...Object.entries(files), ...changed];
  for (const [path, content] of all) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }
  return { written: all.map(([path]) => path), next: kind.next(names) };
};

const run = (root: string, script: string, parameters: readonly string[]): void => {
  const { status, stderr } = spawnSync(process.execPath, [join(root, script), ...parameters], {
    cwd: root,
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`${script} failed: ${stderr.trim()}`);
};

if (import.meta.main) {
  try {
    const root = resolve(import.meta.dirname, "..");
    const [kind, name] = process.argv.slice(2);
    const { written, next } = addPart(root, kind, name);
    const sources = written.filter((path) => path.endsWith(".ts"));
    run(root, "node_modules/@biomejs/biome/bin/biome", ["check", "--write", ...sources]);
    if (kind === "service") run(root, "scripts/generate-docs.ts", []);
    console.log(`${written.map((path) => `wrote ${path}`).join("\n")}\n${next}`);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
