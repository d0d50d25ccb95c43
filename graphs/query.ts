import { END, type GraphNode, Send, START, StateGraph } from "@langchain/langgraph";
import type { z } from "zod";
import type { OwnToolRunner } from "../nodes/answer/answer-state.ts";
import type { HandOver } from "../nodes/answer/hand-over.ts";
import { type CallServiceDeps, createCallService } from "../nodes/call-service.ts";
import { type CallToolDeps, createCallTool } from "../nodes/call-tool.ts";
import { type ClassifyDeps, createClassify } from "../nodes/classify.ts";
import { type CommandHomeDeps, createCommandHome } from "../nodes/command-home.ts";
import { type ComposeDeps, createCompose, modelAttempts } from "../nodes/compose.ts";
import { createDelegateJob, type DelegateJobDeps } from "../nodes/delegate-job.ts";
import { createGather } from "../nodes/gather.ts";
import type { JobDelegate } from "../nodes/jobs/job-delegate.ts";
import { createPlan, type PlanDeps, readySteps } from "../nodes/plan.ts";
import { createPrivacyGate, type PrivacyGateDeps } from "../nodes/privacy-gate.ts";
import type { Step } from "../nodes/query.ts";
import { createRecallMemories, type RecallMemoriesDeps } from "../nodes/recall-memories.ts";
import { createReceive, type ReceiveDeps } from "../nodes/receive.ts";
import { createRemember, type RememberDeps } from "../nodes/remember.ts";
import { createValidate } from "../nodes/validate.ts";
import type { Metrics } from "../platform/metrics/metrics.ts";
import { useLeanRunContext } from "./lean-run-context.ts";
import { useLeanSteps } from "./lean-steps.ts";
import { QueryContextSchema, QueryState } from "./state.ts";
import { createTimed } from "./timed.ts";

export interface QueryGraphDeps {
  readonly receive: ReceiveDeps;
  readonly classify: ClassifyDeps;
  readonly privacyGate?: PrivacyGateDeps;
  /** Serves clients that bring the tools of a home; undefined: a model does. */
  readonly commandHome?: CommandHomeDeps;
  readonly plan: PlanDeps;
  readonly callService: CallServiceDeps;
  readonly callTool: CallToolDeps;
  readonly recall: RecallMemoriesDeps;
  /** Takes on what takes long; undefined: nothing does. */
  readonly delegateJob?: DelegateJobDeps;
  /** When an answer that is not out yet becomes such a job, and which crew goes on with it; undefined: never. */
  readonly syncLimit?: Omit<HandOver, "run" | "isBegun">;
  readonly compose: ComposeDeps;
  /** What of ours a model may call while it answers; undefined: nothing. */
  readonly ownTools?: Omit<OwnToolRunner, "run">;
  readonly remember: RememberDeps;
  readonly metrics: Metrics;
}

type State = typeof QueryState.State;
type Node = GraphNode<typeof QueryState, z.infer<typeof QueryContextSchema>>;

const nodeOf = {
  service: "callService",
  tool: "callTool",
  recall: "recall",
  job: "delegateJob",
} as const satisfies Record<Step["kind"], string>;

/** Only who brings tools may be a home. */
const guarded = ({ query }: State) => ((query.clientTools?.length ?? 0) > 0 ? "commandHome" : "plan");

/** A home's client acts first, or has its answer already. */
const commanded = (state: State) => (state.draft ? "remember" : "plan");

/** Every step that can run now goes out at once; when none is left the answer is composed. */
const dispatch = (state: State) => {
  const ready = readySteps(state.steps, state.results);
  if (ready.length === 0) return "compose";
  const { query, thread, permit, locale, timezone, settled } = state;
  return ready.map((step) => new Send(nodeOf[step.kind], { step, query, thread, permit, locale, timezone, settled }));
};

/** Steps that others wait for meet in `gather`; without such steps the branches meet in `compose` itself. */
const gathered = (state: { readonly steps: readonly Step[] }) =>
  state.steps.some((step) => step.dependsOn.length > 0) ? "gather" : "compose";

/** What templates render from evidence is true to it; what a model wrote is judged. */
const composed = (state: State) => (state.draft?.composer === "model" ? "validate" : "remember");

const judged = (state: State) => ((state.draft?.broken.length ?? 0) > 0 ? "compose" : "remember");

const noJobs: JobDelegate = {
  fieldsOf: () => undefined,
  isBegun: async () => false,
  start: () => Promise.reject(new Error("There are no long jobs here.")),
};

/** Wires the nodes of one query; compiled once, serves all requests. */
export const createQueryGraph = (deps: QueryGraphDeps) => {
  useLeanRunContext();
  const timed = createTimed(deps.metrics.nodeSeconds);
  const callService = createCallService(deps.callService);
  const callTool = createCallTool(deps.callTool);
  const { ownTools } = deps;
  const { say } = deps.compose;
  // What a model calls runs through the same nodes as the plan's steps: rights, time-outs, audit and receipts are theirs.
  const run: OwnToolRunner["run"] = (state, runtime) =>
    (state.step.kind === "tool" ? callTool : callService)(state, runtime);
  const jobs = deps.delegateJob ?? { delegate: noJobs, say };
  const delegateJob = createDelegateJob(jobs);
  const composeDeps: ComposeDeps = {
    ...deps.compose,
    ...(ownTools ? { ownTools: { ...ownTools, run } } : {}),
    ...(deps.syncLimit ? { handOver: { ...deps.syncLimit, run: delegateJob, isBegun: jobs.delegate.isBegun } } : {}),
  };
  const steps = ["callService", "callTool", "recall", "delegateJob", "compose"] as const;
  const graph = new StateGraph(QueryState, { context: QueryContextSchema })
    .addNode("receive", timed("receive", createReceive(deps.receive)) satisfies Node)
    .addNode("classify", timed("classify", createClassify(deps.classify)) satisfies Node)
    .addNode("privacyGate", timed("privacyGate", createPrivacyGate(deps.privacyGate)) satisfies Node)
    .addNode("commandHome", timed("commandHome", createCommandHome(deps.commandHome)) satisfies Node)
    .addNode("plan", timed("plan", createPlan(deps.plan)) satisfies Node)
    .addNode("callService", timed("callService", callService))
    .addNode("callTool", timed("callTool", callTool))
    .addNode("recall", timed("recall", createRecallMemories(deps.recall)))
    .addNode("delegateJob", timed("delegateJob", delegateJob))
    .addNode("gather", timed("gather", createGather()) satisfies Node)
    .addNode("compose", timed("compose", createCompose(composeDeps)) satisfies Node)
    .addNode(
      "validate",
      timed("validate", createValidate({ ...deps.compose, metrics: deps.metrics, modelAttempts })) satisfies Node,
    )
    .addNode("remember", timed("remember", createRemember(deps.remember)) satisfies Node)
    .addEdge(START, "receive")
    .addEdge("receive", "classify")
    .addEdge("classify", "privacyGate")
    .addConditionalEdges("privacyGate", guarded, ["commandHome", "plan"])
    .addConditionalEdges("commandHome", commanded, ["remember", "plan"])
    .addConditionalEdges("plan", dispatch, [...steps])
    .addConditionalEdges("callService", gathered, ["gather", "compose"])
    .addConditionalEdges("callTool", gathered, ["gather", "compose"])
    .addConditionalEdges("recall", gathered, ["gather", "compose"])
    .addConditionalEdges("delegateJob", gathered, ["gather", "compose"])
    .addConditionalEdges("gather", dispatch, [...steps])
    .addConditionalEdges("compose", composed, ["validate", "remember"])
    .addConditionalEdges("validate", judged, ["compose", "remember"])
    .addEdge("remember", END)
    .compile({ name: "query" });
  return useLeanSteps(graph);
};

export type QueryGraph = ReturnType<typeof createQueryGraph>;
