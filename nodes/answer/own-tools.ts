import { z } from "zod";
import type { IntentRow } from "../../platform/config/registry.ts";
import type { ToolDeclaration } from "../../platform/models/model-gateway.ts";
import type { Principal } from "../../platform/policy/principal.ts";
import type { RagService } from "../../rag-services/rag-service.ts";
import type { Tool } from "../../tools/tool.ts";

/** Something of ours that a model may call: a tool, or a service as a tool that reads. */
export interface OwnTool {
  readonly name: string;
  readonly kind: "tool" | "service";
  readonly description: string;
  readonly parameters: Record<string, unknown>;
  readonly effect: Tool["effect"];
  readonly allowedRoles: readonly string[];
}

export interface OwnToolsDeps {
  readonly tools: readonly Tool[];
  readonly services: ReadonlyMap<string, RagService>;
  readonly intents: () => readonly IntentRow[];
}

const parametersOf = (schema: z.ZodType): Record<string, unknown> => {
  const { $schema: _, ...parameters } = z.toJSONSchema(schema, { io: "input", unrepresentable: "any" });
  return parameters;
};

/** What the engine has for a model to call, described by the registry's intents; made anew when their rows change. */
export const createOwnTools = ({ tools, services, intents }: OwnToolsDeps): (() => readonly OwnTool[]) => {
  const fixed: OwnTool[] = tools.map(({ name, description, input, effect, allowedRoles }) => ({
    name,
    kind: "tool",
    description,
    parameters: parametersOf(input),
    effect,
    allowedRoles,
  }));
  const schemas = new Map([...services].map(([id, { slots }]) => [id, parametersOf(slots as z.ZodType)]));
  let made: { from: readonly IntentRow[]; list: readonly OwnTool[] } | undefined;
  return () => {
    const rows = intents();
    if (made?.from === rows) return made.list;
    const asTools = rows.flatMap(({ kind, target, description, enabled }): OwnTool[] => {
      const parameters = kind === "service" && enabled ? schemas.get(target) : undefined;
      return parameters
        ? [{ name: target, kind: "service", description, parameters, effect: "read", allowedRoles: ["user"] }]
        : [];
    });
    const list = [...fixed, ...asTools].filter(
      ({ name }, index, all) => all.findIndex((other) => other.name === name) === index,
    );
    made = { from: rows, list };
    return list;
  };
};

/** Ours under the names that the model sees. */
export type OfferedTools = ReadonlyMap<string, OwnTool>;

/** What this caller may use, beside the client's tools: the client keeps its names, ours get a prefix, or are left out. */
export const offerTools = (
  own: readonly OwnTool[],
  principal: Principal,
  clientTools: readonly ToolDeclaration[],
): OfferedTools => {
  const taken = new Set(clientTools.map(({ name }) => name.toLowerCase()));
  return new Map(
    own
      .filter(({ allowedRoles }) => allowedRoles.some((role) => principal.roles.includes(role)))
      .flatMap((tool): [string, OwnTool][] => {
        const name = [tool.name, `athena_${tool.name}`].find((candidate) => !taken.has(candidate.toLowerCase()));
        return name === undefined ? [] : [[name, tool]];
      }),
  );
};

/** The declarations that go to the model. */
export const declarationsOf = (offered: OfferedTools): ToolDeclaration[] =>
  [...offered].map(([name, { description, parameters }]) => ({ name, description, parameters }));
