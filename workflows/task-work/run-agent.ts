import { estimateUsage } from "../../platform/models/estimate-usage.ts";
import type { ChatMessage, ToolCall, ToolDeclaration } from "../../platform/models/model-gateway.ts";
import type { TaskUsage } from "../crews/steps.ts";
import type { TaskRecords } from "../jobs/job-store.ts";
import { sourceItem } from "./agent-messages.ts";
import type { AskModel, ModelReply } from "./ask-model.ts";
import type { ToolCaller } from "./call-tools.ts";
import type { SourceBook } from "./source-book.ts";
import type { CrewAnswer, CrewTool, RoundGuard } from "./task-work-deps.ts";

export interface RunAgentInput {
  readonly jobId: string;
  /** Of the round. */
  readonly key: string;
  readonly messages: readonly ChatMessage[];
  readonly ask: AskModel;
  readonly tools: ToolCaller;
  readonly book: SourceBook;
  readonly guard: RoundGuard;
  readonly records: Pick<TaskRecords, "keep" | "kept">;
  readonly limits: { readonly turns: number; readonly calls: number; readonly tokens: number };
  /** Told what each answer of the model used, also when a later one fails. */
  readonly spend: (usage: TaskUsage) => void;
}

export interface AgentAnswer {
  /** Undefined: the tokens did not reach for an answer. */
  readonly text: string | undefined;
  /** What tools said. */
  readonly material: readonly string[];
}

type ToolResult = { readonly call: ToolCall; readonly answer: CrewAnswer };

const declarationOf = ({ name, description, parameters }: CrewTool): ToolDeclaration => ({
  name,
  description,
  parameters,
});

/** Longest text of one tool's answer that a model is shown. */
const longestAnswer = 24_000;

/**
 * Lets an agent work with its tools until it answers, in a bounded number of turns. What the model said and what tools gave is
 * kept turn by turn, so that a round that was cut off goes on where it was, with the same calls.
 * @throws {OutcomeUnknown}; {AppError} what the gateway and the tools throw.
 */
export const runAgent = async (given: RunAgentInput): Promise<AgentAnswer> => {
  const { jobId, key, ask, tools, book, guard, records, limits } = given;
  const messages = [...given.messages];
  const declarations = tools.offered.map(declarationOf);
  const material: string[] = [];
  let tokens = 0;
  let calls = 0;

  const spend = (usage: TaskUsage): void => {
    tokens += usage.tokens;
    given.spend(usage);
  };

  const turnOf = async (turn: number): Promise<ModelReply | undefined> => {
    const replyKey = `${key}/turn/${turn}`;
    const kept =
      declarations.length === 0 ? undefined : ((await records.kept(jobId, replyKey)) as ModelReply | undefined);
    if (kept) return kept;
    const left = limits.tokens - tokens - estimateUsage(messages, 0).promptTokens;
    if (left <= 0) return undefined;
    const mayCall = declarations.length > 0 && turn < limits.turns && calls < limits.calls;
    const reply = await ask(messages, {
      maxTokens: left,
      ...(declarations.length === 0 ? {} : { tools: declarations, ...(mayCall ? {} : { toolChoice: "none" }) }),
    });
    // Of several attempts at one round all go on with the same reply: what it calls is known by its place alone.
    return mayCall ? records.keep(jobId, replyKey, reply) : { ...reply, calls: [] };
  };

  const callOne = async (call: ToolCall, place: string): Promise<ToolResult> => {
    const tool = tools.offered.find(({ name }) => name === call.name);
    const refusal =
      tool && tool.effect !== "read"
        ? guard.refusal(call, tool, [...material, ...contextOf(given.messages)])
        : undefined;
    if (refusal !== undefined) return { call, answer: { status: "refused", reason: refusal } };
    return { call, answer: await tools.call(call.name, call.arguments, place) };
  };

  const run = async (wanted: readonly ToolCall[], turn: number): Promise<readonly ToolResult[]> => {
    const resultsKey = `${key}/turn/${turn}/results`;
    const resultsOf = (answers: readonly CrewAnswer[]): readonly ToolResult[] =>
      answers.map((answer, index) => ({ call: wanted[index]!, answer }));
    const kept = (await records.kept(jobId, resultsKey)) as readonly CrewAnswer[] | undefined;
    if (kept) {
      const results = resultsOf(kept);
      for (const { call, answer } of results) tools.recall(call.name, call.arguments, answer);
      return results;
    }
    const placeOf = (index: number) => `${turn}.${index + 1}`;
    const over = wanted.slice(limits.calls - calls);
    const made = wanted.slice(0, limits.calls - calls);
    const reading = made.every(({ name }) => tools.offered.find((tool) => tool.name === name)?.effect === "read");
    const results: ToolResult[] = [];
    const callAt = (call: ToolCall, index: number) => callOne(call, placeOf(index));
    if (reading) results.push(...(await Promise.all(made.map(callAt))));
    else for (const [index, call] of made.entries()) results.push(await callAt(call, index));
    for (const call of over)
      results.push({ call, answer: { status: "refused", reason: "No more calls in this task." } });
    const answers = results.map(({ answer }) => answer);
    return resultsOf(await records.keep(jobId, resultsKey, answers));
  };

  const tell = ({ call, answer }: ToolResult): ChatMessage => {
    const message = { role: "tool", toolCallId: call.id, toolName: call.name } as const;
    if (answer.status !== "ok") return { ...message, content: `Not done: ${guard.clean(answer.reason, call.name)}` };
    const items = answer.sources.map((source) => sourceItem(book.add(source), source.title, source.text));
    const said = [answer.text, ...items].filter(Boolean).join("\n\n").slice(0, longestAnswer).toWellFormed();
    material.push(said);
    return { ...message, content: said === "" ? "Nothing was found." : guard.data(said, call.name) };
  };

  for (let turn = 1; ; turn += 1) {
    const reply = await turnOf(turn);
    if (reply === undefined) return { text: undefined, material };
    spend(reply.usage);
    if (reply.calls.length === 0) return { text: unwrapped(reply.text), material };
    messages.push({ role: "assistant", content: reply.text, toolCalls: reply.calls });
    const results = await run(reply.calls, turn);
    calls += reply.calls.length;
    messages.push(...results.map(tell));
  }
};

/** A whole answer in a fence of its own is no code: models like to wrap Markdown. */
const unwrapped = (text: string): string => /^```(?:markdown|md)[ \t]*\n([\s\S]*)\n```$/i.exec(text)?.[1] ?? text;

const contextOf = (messages: readonly ChatMessage[]): readonly string[] =>
  messages.flatMap(({ role, content }) => (role === "user" && typeof content === "string" ? [content] : []));
