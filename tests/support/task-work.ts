import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { registryKinds } from "../../platform/config/registry-rows.ts";
import type { EgressClass } from "../../platform/egress/egress-class.ts";
import type { ChatEvent, ChatRequest, ToolCall } from "../../platform/models/model-gateway.ts";
import { crewPartsOf } from "../../server/crews/crew-names.ts";
import { createRoundGuard } from "../../server/crews/round-guard.ts";
import type { Crew } from "../../workflows/crews/crew.ts";
import { readCrew } from "../../workflows/crews/read-crew.ts";
import type { TaskRequest } from "../../workflows/crews/steps.ts";
import type { JobWork } from "../../workflows/jobs/job.ts";
import { createTaskWork } from "../../workflows/task-work/create-task-work.ts";
import type { CrewTool, TaskWorkDeps } from "../../workflows/task-work/task-work-deps.ts";
import { memoryTaskRecords } from "./memory-task-records.ts";
import { permitOf } from "./permit.ts";
import { sampleCrew } from "./sample-crew.ts";

/** The crews that ship, by id. */
export const shippedCrews = (): ReadonlyMap<string, Crew> =>
  new Map(
    parse(readFileSync(new URL("../../migrations/defaults/crews.yaml", import.meta.url), "utf8")).map(
      (row: { readonly id: string }) => [
        row.id,
        readCrew(registryKinds.crews.schema.parse(row), crewPartsOf({ tools: [], aliases: new Set() })),
      ],
    ),
  );

/** A tool that reads, or has effects, and notes its calls. */
export const toolOf = (name: string, more: Partial<CrewTool> = {}): CrewTool => ({
  name,
  description: name.replaceAll("_", " "),
  parameters: { type: "object", properties: {} },
  effect: "read",
  allowedRoles: ["user"],
  run: async () => ({ status: "ok", text: `${name} was called.`, sources: [] }),
  ...more,
});

/** What a scripted model says to one request: a text, or calls of tools. */
export type Said = string | { readonly calls: readonly Pick<ToolCall, "name" | "arguments">[] };

/** A model that says what the script tells it; notes its requests. */
export const scriptedModel = (script: (request: ChatRequest, turn: number) => Said | Promise<Said>) => {
  const requests: ChatRequest[] = [];
  async function* stream(request: ChatRequest): AsyncGenerator<ChatEvent> {
    requests.push(request);
    request.signal.throwIfAborted();
    const said = await script(request, requests.length);
    yield { type: "start", model: request.model };
    if (typeof said === "string") yield { type: "text", text: said };
    else {
      for (const [index, call] of said.calls.entries()) yield { type: "toolCall", call: { id: `c${index}`, ...call } };
    }
    yield {
      type: "finish",
      reason: typeof said === "string" ? "stop" : "tool_calls",
      usage: { promptTokens: 80, completionTokens: 20, estimated: false },
    };
  }
  return { requests, models: { configured: true, answerModel: "openai/stub", stream } };
};

const noModel: TaskWorkDeps["models"] = {
  configured: false,
  answerModel: undefined,
  stream() {
    throw new Error("No model was scripted.");
  },
};

/** What the work of tasks stands on beside its tools and records: no model, nothing that is forbidden. */
export const usualDeps: Omit<TaskWorkDeps, "tools" | "records"> = {
  models: noModel,
  permitFor: ({ mode }) => permitOf("full", mode === "confidential"),
  rolesOf: () => ["user", "admin"],
  guard: createRoundGuard,
  seenItems: async (_job, ids) => new Set(ids),
  limits: { turns: 6, calls: 10 },
  locale: "en",
  now: () => new Date("2026-11-21T12:00:00Z"),
};

/** The true work of tasks around scripted tools and model, with records in memory. */
export const taskWorkWith = (
  more: Partial<Omit<TaskWorkDeps, "tools" | "records">> & {
    readonly tools?: readonly CrewTool[];
    readonly egress?: EgressClass;
    readonly records?: ReturnType<typeof memoryTaskRecords>;
  } = {},
) => {
  const { tools = [], egress = "full", records = memoryTaskRecords(), ...deps } = more;
  const work = createTaskWork({
    ...usualDeps,
    permitFor: ({ mode }) => permitOf(egress, mode === "confidential"),
    ...deps,
    records,
    tools: () => tools,
  });
  return { work, records };
};

/** A job of one task, and the request for one of its rounds. */
export const oneTask = (
  task: object = {},
  {
    agent = {},
    input = { topic: "the boiler" },
    mode = "open",
    round = 1,
    request = {},
    fields = {},
  }: {
    readonly agent?: object;
    readonly input?: Record<string, unknown>;
    readonly mode?: JobWork["mode"];
    readonly round?: number;
    readonly request?: Partial<TaskRequest>;
    /** Of the input's schema. */
    readonly fields?: object;
  } = {},
): { readonly job: JobWork; readonly request: TaskRequest } => {
  const crew = sampleCrew([], {
    input: { type: "object", properties: fields },
    agents: [{ id: "worker", role: "a worker", goal: "Work well", ...agent }],
    tasks: [
      { id: "one", description: "Tell of {topic}.", expected_output: "A text.", without_model: "combine", ...task },
    ],
  });
  return {
    job: {
      id: "00000000-0000-4000-8000-000000000001",
      crew,
      input,
      timezone: "Europe/Warsaw",
      askedAt: "2026-11-22T10:00:00.000Z",
      principal: { id: "ada", roles: ["user"] },
      threadId: "00000000-0000-4000-8000-000000000002",
      mode,
    },
    request: {
      key: `job/one/${round}`,
      task: crew.tasks[0]!,
      agent: crew.agents[0]!,
      context: {},
      approved: false,
      tokensLeft: 100_000,
      timeoutSeconds: 60,
      ...request,
    },
  };
};

/** A run that nobody stops. */
export const freely = (): { readonly signal: AbortSignal } => ({ signal: new AbortController().signal });

/** What a model was told by one role. */
export const toldBy = (
  request: { readonly messages: readonly { readonly role: string; readonly content: unknown }[] },
  role: string,
): string => request.messages.flatMap((message) => (message.role === role ? [String(message.content)] : [])).join("\n");

/** A tool with effects that notes each call in a list: its key and arguments. */
export const ticketOpener = (effects: string[], more: Partial<CrewTool> = {}): CrewTool =>
  toolOf("open_ticket", {
    effect: "write",
    description: "Opens a ticket.",
    run: async (args, { idempotencyKey }) => {
      effects.push(`${idempotencyKey} ${JSON.stringify(args)}`);
      return { status: "ok", text: "Ticket 7 is open.", sources: [] };
    },
    ...more,
  });

/** A task for an agent that has the tool of `ticketOpener`. */
export const ticketTask = { description: "Open a ticket about {topic}." };
