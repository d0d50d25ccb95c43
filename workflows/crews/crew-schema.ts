import { z } from "zod";
import type { Crew } from "./crew.ts";

const id = z
  .string()
  .regex(/^[a-z][a-z0-9_-]{0,63}$/, "must be lower-case letters, digits, _ and -, at most 64, beginning with a letter");
const words = z.string().trim().min(1).max(4_000);
const jsonSchema = z.record(z.string(), z.unknown());

const guardrail = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("schema"), schema: jsonSchema }),
  z.strictObject({ kind: z.literal("function"), name: id }),
  z.strictObject({ kind: z.literal("judge"), criterion: words }),
]);

const agent = z.strictObject({
  id,
  role: words,
  goal: words,
  backstory: words.optional(),
  tools: z.array(z.string().min(1).max(64)).max(50).default([]),
  model: z.string().min(1).max(200).optional(),
});

const task = z
  .strictObject({
    id,
    description: words,
    expected_output: words,
    agent: id.optional(),
    needs: z.array(id).max(50).default([]),
    without_model: id,
    guardrails: z.array(guardrail).max(10).default([]),
    max_rounds: z.int().min(1).max(10).default(3),
    human_approval: z.enum(["none", "before", "result"]).default("none"),
  })
  .transform(({ expected_output, without_model, max_rounds, human_approval, ...rest }) => ({
    ...rest,
    expectedOutput: expected_output,
    withoutModel: without_model,
    maxRounds: max_rounds,
    humanApproval: human_approval,
  }));

const limits = z
  .strictObject({
    steps: z.int().min(1).max(1_000).default(50),
    tokens: z.int().min(1).max(10_000_000).default(200_000),
    wall_seconds: z.int().min(1).max(604_800).default(3_600),
    budget: z.number().positive().optional(),
    parallel: z.int().min(1).max(16).default(4),
  })
  .transform(({ wall_seconds, ...rest }) => ({ ...rest, wallSeconds: wall_seconds }));

/** A crew as its YAML has it, and as the program reads it. What spans several fields is `checkCrew`'s. */
export const crewSchema: z.ZodType<Crew> = z
  .strictObject({
    id,
    description: words,
    input: jsonSchema.default({ type: "object" }),
    process: z.enum(["sequential", "hierarchical", "graph"]).default("sequential"),
    agents: z.array(agent).min(1).max(20),
    manager: id.optional(),
    tasks: z.array(task).min(1).max(200),
    result: id.optional(),
    limits: limits.prefault({}),
  })
  .transform((crew) => crew as Crew);
