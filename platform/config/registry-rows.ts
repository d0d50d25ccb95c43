import { RE2JS } from "re2js";
import { z } from "zod";
import type {
  ClientProfileRow,
  CrewRow,
  IntentExampleRow,
  IntentPatternRow,
  IntentRow,
  ModelAliasRow,
  MultiIntentRuleRow,
  PromptRow,
  Registry,
  ServiceRow,
  ValidationRuleRow,
} from "./registry.ts";

const text = z.string().trim().min(1);
const id = z.string().regex(/^[a-z][a-z0-9_.-]*$/, "must be lower-case letters, digits, '_', '-' or '.'");
const locale = z.union([
  z.literal("*"),
  z.string().regex(/^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$/, "must be a BCP 47 tag"),
]);

// Whatever an operator writes is matched by an engine of linear time; what does not fit it is refused here.
const isLinear = (pattern: string): boolean => {
  try {
    RE2JS.compile(pattern);
    return true;
  } catch {
    return false;
  }
};
const linearPattern = z.string().min(1).max(1_000).refine(isLinear, "must be a pattern that RE2 accepts");

const intent = z.object({
  id,
  description: text,
  kind: z.enum(["service", "tool", "recall", "job", "chat", "text"]),
  target: z.string(),
  threshold: z.number().min(0).max(1),
  slots: z.array(z.object({ name: text, recogniser: text, required: z.boolean().default(false) })).default([]),
  compose: z.enum(["facts", "model"]),
  enabled: z.boolean().default(true),
});

const pattern = z
  .object({
    intent: id,
    locale,
    kind: z.enum(["phrase", "regex"]),
    pattern: text.max(1_000),
    slots: z.record(z.string(), z.unknown()).default({}),
  })
  .refine((row) => row.kind === "phrase" || isLinear(row.pattern), {
    path: ["pattern"],
    message: "must be a pattern that RE2 accepts",
  });

/** One intent, or several joined by `+`: what each of them asks with is then found out by cutting the text. */
const intentOrIntents = z
  .string()
  .regex(
    /^[a-z][a-z0-9_.-]*(\+[a-z][a-z0-9_.-]*){0,4}$/,
    "must be an intent's id, or up to five of them joined by '+'",
  );
const example = z.object({ intent: intentOrIntents, locale, text: text.max(1_000) });

const multiIntentRule = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("split"), rule: z.object({ locale, separator: z.string().min(1) }).catchall(z.string()) }),
  z.object({
    kind: z.literal("chain"),
    rule: z.object({ from: id, to: id, field: text, slot: text }).catchall(z.string()),
  }),
]);

const validationRule = z.object({
  id,
  kind: z.enum([
    "grounded_numbers",
    "grounded_actions",
    "grounded_names",
    "must_cite",
    "language_match",
    "forbidden",
    "max_length",
    "json_schema",
    "known_state",
  ]),
  intents: z.array(z.union([z.literal("*"), id])).default(["*"]),
  severity: z.enum(["block", "warn"]),
  parameters: z
    .looseObject({ pattern: linearPattern.optional(), patterns: z.array(linearPattern).optional() })
    .default({}),
  enabled: z.boolean().default(true),
});

const service = z.object({
  id,
  url: z
    .url({ protocol: /^https?$/ })
    .nullable()
    .default(null),
  cacheSeconds: z.int().min(0),
  timeoutMs: z.int().min(1),
  enabled: z.boolean().default(true),
});

const prompt = z.object({ key: id, locale, version: z.int().min(1), text: z.string().min(1) });

const modelAlias = z.object({
  alias: text,
  candidates: z.array(z.string().regex(/^[^/\s]+\/\S+$/, "must be provider/model")).min(1),
  local: z.boolean().nullable().default(null),
});

const header = z.string().regex(/^[a-z][a-z0-9-]{0,63}$/, "must be a header's name in lower case");

const clientProfile = z.object({
  id,
  identity: z
    .object({
      from: z.enum(["key", "jwt", "header"]),
      header: header.optional(),
      issuer: text.optional(),
      plainHeaders: z.array(header).default([]),
    })
    .refine((identity) => identity.from === "key" || identity.header !== undefined, "needs the header's name"),
  conversation: z
    .object({
      from: z.array(
        z
          .string()
          .regex(
            /^(header:[a-z][a-z0-9-]{0,63}|user|metadata:[\w.-]{1,64})$/,
            "must be header:NAME, user or metadata:KEY",
          ),
      ),
    })
    .default({ from: [] }),
  taskHeader: header.nullable().default(null),
  tasks: z.array(z.object({ task: id, fragments: z.array(text.max(200)).min(1) })).default([]),
  voice: z.boolean().default(false),
  enabled: z.boolean().default(true),
});

// What agents and tasks hold is known to those who run crews: they judge it where rows are imported and where they are used.
const parts = z.record(z.string(), z.unknown());

const crew = z.object({
  id: z.string().regex(/^[a-z][a-z0-9_-]{0,63}$/, "must be lower-case letters, digits, '_' and '-', at most 64"),
  description: text.max(4_000),
  input: parts.default({ type: "object" }),
  process: z.enum(["sequential", "hierarchical", "graph"]).default("sequential"),
  agents: z.array(parts).min(1).max(20),
  manager: text.nullable().default(null),
  tasks: z.array(parts).min(1).max(200),
  result: text.nullable().default(null),
  limits: parts.default({}),
  enabled: z.boolean().default(true),
});

/** One kind of registry row: where it lives, how it is checked and what identifies it. */
export interface RegistryKind<Row extends object = object> {
  readonly table: string;
  readonly schema: z.ZodType<Row>;
  /** Field of the row → column of the table. */
  readonly columns: Readonly<Record<string, string>>;
  /** Fields that identify a row. */
  readonly key: readonly (keyof Row & string)[];
  /** Order in which rows are read: the order of the default files where the table numbers its rows. */
  readonly order: string;
}

type Kinds = {
  readonly [Name in Exclude<keyof Registry, "revision">]: RegistryKind<Registry[Name][number]>;
};

const same = (...names: readonly string[]): Record<string, string> =>
  Object.fromEntries(names.map((name) => [name, name]));

/** Every kind of registry row by its name in `Registry`. */
export const registryKinds: Kinds = {
  intents: {
    table: "intents",
    schema: intent satisfies z.ZodType<IntentRow>,
    columns: same("id", "description", "kind", "target", "threshold", "slots", "compose", "enabled"),
    key: ["id"],
    order: "id",
  },
  patterns: {
    table: "intent_patterns",
    schema: pattern satisfies z.ZodType<IntentPatternRow>,
    columns: same("intent", "locale", "kind", "pattern", "slots"),
    key: ["intent", "locale", "kind", "pattern"],
    order: "id",
  },
  examples: {
    table: "intent_examples",
    schema: example satisfies z.ZodType<IntentExampleRow>,
    columns: same("intent", "locale", "text"),
    key: ["intent", "locale", "text"],
    order: "id",
  },
  multiIntentRules: {
    table: "multi_intent_rules",
    schema: multiIntentRule satisfies z.ZodType<MultiIntentRuleRow>,
    columns: same("kind", "rule"),
    key: ["kind", "rule"],
    order: "id",
  },
  validationRules: {
    table: "validation_rules",
    schema: validationRule satisfies z.ZodType<ValidationRuleRow>,
    columns: same("id", "kind", "intents", "severity", "parameters", "enabled"),
    key: ["id"],
    order: "id",
  },
  services: {
    table: "rag_services",
    schema: service satisfies z.ZodType<ServiceRow>,
    columns: { ...same("id", "url", "enabled"), cacheSeconds: "cache_seconds", timeoutMs: "timeout_ms" },
    key: ["id"],
    order: "id",
  },
  prompts: {
    table: "prompts",
    schema: prompt satisfies z.ZodType<PromptRow>,
    columns: same("key", "locale", "version", "text"),
    key: ["key", "locale", "version"],
    order: "key, locale, version",
  },
  modelAliases: {
    table: "model_aliases",
    schema: modelAlias satisfies z.ZodType<ModelAliasRow>,
    columns: same("alias", "candidates", "local"),
    key: ["alias"],
    order: "alias",
  },
  clientProfiles: {
    table: "client_profiles",
    schema: clientProfile satisfies z.ZodType<ClientProfileRow>,
    columns: { ...same("id", "identity", "conversation", "tasks", "voice", "enabled"), taskHeader: "task_header" },
    key: ["id"],
    order: "id",
  },
  crews: {
    table: "crews",
    schema: crew satisfies z.ZodType<CrewRow>,
    columns: same("id", "description", "input", "process", "agents", "manager", "tasks", "result", "limits", "enabled"),
    key: ["id"],
    order: "id",
  },
};

export type RegistryKindName = keyof typeof registryKinds;
export const registryKindNames = Object.keys(registryKinds) as readonly RegistryKindName[];
