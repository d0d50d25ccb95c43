import type { ToolChoice, ToolDeclaration } from "../../platform/models/model-gateway.ts";

/** A script of the home that the client offers as a tool of its own. */
export interface ScriptTool {
  readonly tool: ToolDeclaration;
  /** What it may be called by: its name with spaces, then its aliases. */
  readonly names: readonly string[];
}

/** The tools of a home's client by what they do, whatever prefix their names carry. */
export interface HomeTools {
  /** The declared tool of this name, when it may be called. */
  get(name: string): ToolDeclaration | undefined;
  readonly scripts: readonly ScriptTool[];
  /** Whether any call may be made at all. */
  readonly mayCall: boolean;
}

const intentTool = /^Hass[A-Z]/;
const otherTools = new Set([
  "GetLiveContext",
  "GetDateTime",
  "GetCurrentLocation",
  "calendar_get_events",
  "todo_get_items",
  "execute_services",
]);

/** `assist__HassTurnOn` → `HassTurnOn`, with the prefix that was cut. */
const split = (name: string): { readonly prefix: string; readonly bare: string } => {
  const cut = name.lastIndexOf("__");
  return cut > 0 && cut + 2 < name.length
    ? { prefix: name.slice(0, cut + 2), bare: name.slice(cut + 2) }
    : { prefix: "", bare: name };
};

/** The home's tools among those that a client declared; undefined when there is none, so that the client is no home's. */
export const readHomeTools = (
  declared: readonly ToolDeclaration[] | undefined,
  choice: ToolChoice | undefined,
): HomeTools | undefined => {
  const byName = new Map<string, ToolDeclaration>();
  const rest: { tool: ToolDeclaration; prefix: string; bare: string }[] = [];
  const prefixes = new Set<string>();
  for (const tool of declared ?? []) {
    const { prefix, bare } = split(tool.name);
    if (intentTool.test(bare) || otherTools.has(bare)) {
      if (!byName.has(bare)) byName.set(bare, tool);
      prefixes.add(prefix);
    } else rest.push({ tool, prefix, bare });
  }
  if (
    ![...byName.keys()].some(
      (name) => intentTool.test(name) || name === "GetLiveContext" || name === "execute_services",
    )
  )
    return undefined;
  const mayCall = (tool: ToolDeclaration) =>
    choice !== "none" && (typeof choice !== "object" || choice.name === tool.name);
  return {
    get(name) {
      const tool = byName.get(name);
      return tool && mayCall(tool) ? tool : undefined;
    },
    scripts: rest
      .filter(({ tool, prefix }) => prefixes.has(prefix) && mayCall(tool) && needsNothing(tool))
      .map(({ tool, bare }) => ({
        tool,
        names: [bare.replace(/^_(?=\d)/, "").replaceAll("_", " "), ...aliasesOf(tool)],
      })),
    mayCall: choice !== "none",
  };
};

const needsNothing = ({ parameters }: ToolDeclaration): boolean =>
  !Array.isArray(parameters.required) || parameters.required.length === 0;

/** Home Assistant adds a script's other names to its description as a Python list. */
const aliasesOf = ({ description = "" }: ToolDeclaration): string[] => {
  const [, list = ""] = /Aliases: \[([^\]\n]{1,500})\]/.exec(description) ?? [];
  return list
    .split(/, (?=['"])/)
    .map((alias) => alias.trim().replace(/^['"]|['"]$/g, ""))
    .filter((alias) => alias !== "");
};
