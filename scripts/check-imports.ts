import { readdirSync, readFileSync } from "node:fs";
import { stripTypeScriptTypes } from "node:module";
import { dirname, join, normalize, relative, resolve } from "node:path";
import { type Node, parse } from "acorn";
import { simple } from "acorn-walk";

/** Which way imports may point: `npm run lint` runs this. Done here because dependency-cruiser cannot read TypeScript 7. */

/** From top to bottom; folders in one row are siblings. */
const layers: readonly (readonly string[])[] = [
  ["server"],
  ["graphs"],
  ["nodes"],
  ["rag-services", "tools", "atlas", "workflows"],
  ["platform"],
];

/** The same inside `platform`; what is not named stands at the bottom. */
const platformLayers: readonly (readonly string[])[] = [
  ["models"],
  ["policy"],
  ["events"],
  ["egress"],
  ["config"],
  ["db", "cache", "objects"],
];

/** Packages, globals and where alone they may be used; a path ending in `/` is a folder. */
const reserved: readonly { readonly use: string; readonly of: RegExp; readonly only: readonly string[] }[] = [
  { use: "express", of: /^express(\/|$)/, only: ["server/"] },
  { use: "pg", of: /^(pg|@electric-sql\/.*|node-pg-migrate)(\/|$)/, only: ["platform/db/"] },
  { use: "@nats-io", of: /^@nats-io\//, only: ["platform/events/"] },
  { use: "@temporalio", of: /^@temporalio\//, only: ["workflows/jobs/temporal/"] },
  { use: "ioredis", of: /^ioredis$/, only: ["platform/cache/"] },
  { use: "process.env", of: /^process\.env$/, only: ["platform/config/settings.ts"] },
  // `ask` and the front are clients of the own engine, readiness asks own services how they are: none carries a query out.
  {
    use: "fetch",
    of: /^fetch$/,
    only: [
      "platform/egress/",
      "platform/models/",
      "server/commands/",
      "server/front/",
      "server/operations/readiness.ts",
    ],
  },
];

interface Use {
  /** Path inside the project for own files, else the package's name, `fetch` or `process.env`. */
  readonly of: string;
  readonly own: boolean;
  readonly type: boolean;
}

const rankIn = (rows: readonly (readonly string[])[], name: string): number => {
  const row = rows.findIndex((names) => names.includes(name));
  return row === -1 ? rows.length : row;
};

const isText = (value: unknown): value is { readonly value: string } =>
  typeof value === "object" && value !== null && "value" in value && typeof value.value === "string";

/** Everything that one file uses: imports (types apart), `fetch` and `process.env`. */
const usesOf = (file: string, source: string): readonly Use[] => {
  const uses: Use[] = [];
  const add = (specifier: string, type: boolean) => {
    const own = specifier.startsWith(".");
    uses.push({ of: own ? normalize(join(dirname(file), specifier)) : specifier, own, type });
  };
  const fromSource = (node: Node) => {
    if ("source" in node && isText(node.source)) add(node.source.value, false);
  };
  // Types are gone after stripping, so what is left is what really loads another file.
  const tree = parse(stripTypeScriptTypes(source), { ecmaVersion: "latest", sourceType: "module" });
  simple(tree, {
    ImportDeclaration: fromSource,
    ExportNamedDeclaration: fromSource,
    ExportAllDeclaration: fromSource,
    ImportExpression: fromSource,
    CallExpression({ callee }) {
      const global =
        callee.type === "MemberExpression" &&
        callee.object.type === "Identifier" &&
        callee.object.name === "globalThis";
      const named = global ? callee.property : callee;
      if (named.type === "Identifier" && named.name === "fetch") uses.push({ of: "fetch", own: false, type: false });
    },
    MemberExpression({ object, property }) {
      if (
        object.type === "Identifier" &&
        object.name === "process" &&
        property.type === "Identifier" &&
        property.name === "env"
      ) {
        uses.push({ of: "process.env", own: false, type: false });
      }
    },
  });
  for (const [, specifier] of source.matchAll(/^(?:import|export) type [^;"]*?from "([^"]+)"/gm))
    add(specifier ?? "", true);
  return uses;
};

const breach = (file: string, use: Use): string | undefined => {
  const kept = reserved.find(({ of }) => !use.own && of.test(use.of));
  if (
    kept &&
    !use.type &&
    !kept.only.some((where) => (where.endsWith("/") ? file.startsWith(where) : file === where))
  ) {
    return `${file}: ${kept.use} may be used only in ${kept.only.join(", ")}`;
  }
  if (!use.own) return;
  const [fromTop = "", fromNext = ""] = file.split("/");
  const [toTop = "", toNext = ""] = use.of.split("/");
  if (!layers.flat().includes(toTop)) return;
  const [from, to] = [rankIn(layers, fromTop), rankIn(layers, toTop)];
  const sibling = from === to && fromTop !== toTop;
  if (to < from) return `${file}: ${fromTop} may not import from ${toTop} (${use.of}), which stands above it`;
  if (sibling && !use.type) return `${file}: ${fromTop} may import only types from ${toTop} (${use.of})`;
  if (fromTop !== "platform" || toTop !== "platform" || fromNext === toNext) return;
  // Inside platform types may be shared upwards: the database names the part of `Settings` that it reads.
  if (use.type) return;
  const [inner, target] = [rankIn(platformLayers, fromNext), rankIn(platformLayers, toNext)];
  if (target < inner) {
    return `${file}: platform/${fromNext} may not import from platform/${toNext} (${use.of}), which stands above it`;
  }
  if (target === inner && target < platformLayers.length) {
    return `${file}: platform/${fromNext} may import only types from platform/${toNext} (${use.of})`;
  }
};

/** Cycles of value imports, each once, as `a → b → a`. */
const cyclesIn = (graph: ReadonlyMap<string, readonly string[]>): readonly string[] => {
  const cycles: string[] = [];
  const done = new Set<string>();
  const visit = (file: string, path: readonly string[]): void => {
    const at = path.indexOf(file);
    if (at !== -1) cycles.push([...path.slice(at), file].join(" → "));
    if (at !== -1 || done.has(file)) return;
    for (const next of graph.get(file) ?? []) visit(next, [...path, file]);
    done.add(file);
  };
  for (const file of graph.keys()) visit(file, []);
  return cycles;
};

/** Sentences about every import under a root that the house rules forbid; empty when there is none. */
export const checkImports = (root: string): readonly string[] => {
  const files = layers.flat().flatMap((folder) => {
    try {
      return readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
        .filter((name) => name.endsWith(".ts"))
        .map((name) => join(folder, name));
    } catch {
      return []; // a layer that has no file yet
    }
  });
  const graph = new Map<string, readonly string[]>();
  const breaches: string[] = [];
  for (const file of files.sort()) {
    const uses = usesOf(file, readFileSync(join(root, file), "utf8"));
    graph.set(
      file,
      uses.filter(({ own, type }) => own && !type).map(({ of }) => of),
    );
    breaches.push(...uses.map((use) => breach(file, use)).filter((sentence) => sentence !== undefined));
  }
  return [...new Set([...breaches, ...cyclesIn(graph).map((cycle) => `cycle: ${cycle}`)])];
};

if (import.meta.main) {
  const root = resolve(import.meta.dirname, "..");
  const found = checkImports(root);
  for (const sentence of found) console.error(sentence);
  console.log(
    found.length === 0
      ? "Imports point down."
      : `${found.length} imports do not (${relative(process.cwd(), root) || "."}).`,
  );
  process.exitCode = found.length === 0 ? 0 : 1;
}
