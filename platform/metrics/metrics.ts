import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";

const seconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120];

/** Everything that is counted. Labels are bounded: no user, thread or content ever is one. */
export const createMetrics = () => {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  return {
    registry,
    httpSeconds: new Histogram({
      name: "http_request_duration_seconds",
      help: "Time to the end of the answer.",
      labelNames: ["route", "method", "status"],
      buckets: seconds,
      registers,
    }),
    openStreams: new Gauge({ name: "http_open_streams", help: "Streams being answered.", registers }),
    nodeSeconds: new Histogram({
      name: "graph_node_duration_seconds",
      help: "Time in one node of the query graph.",
      labelNames: ["node"],
      buckets: seconds,
      registers,
    }),
    queries: new Counter({
      name: "agent_queries_total",
      help: "Queries by surface and outcome.",
      labelNames: ["surface", "outcome"],
      registers,
    }),
    latency: new Histogram({
      name: "agent_latency_seconds",
      help: "Time of one query.",
      labelNames: ["agent_id", "operation"],
      buckets: seconds,
      registers,
    }),
    tokensIn: new Counter({
      name: "agent_tokens_in_total",
      help: "Tokens sent to models.",
      labelNames: ["agent_id", "model"],
      registers,
    }),
    tokensOut: new Counter({
      name: "agent_tokens_out_total",
      help: "Tokens received from models.",
      labelNames: ["agent_id", "model"],
      registers,
    }),
    toolCalls: new Counter({
      name: "agent_tool_calls_total",
      help: "Tool calls by outcome.",
      labelNames: ["agent_id", "tool", "status"],
      registers,
    }),
    serviceSeconds: new Histogram({
      name: "rag_service_duration_seconds",
      help: "Time of one call of a domain service.",
      labelNames: ["service", "status"],
      buckets: seconds,
      registers,
    }),
    providerCalls: new Counter({
      name: "provider_calls_total",
      help: "Outbound calls by provider and outcome.",
      labelNames: ["provider", "outcome"],
      registers,
    }),
    factModelCalls: new Counter({
      name: "fact_model_calls_total",
      help: "Questions to the model that finds facts, each about several messages.",
      labelNames: ["outcome"],
      registers,
    }),
    jobsHeld: new Gauge({
      name: "jobs_held",
      help: "Long jobs that this process runs; those that wait for people are in no process.",
      registers,
    }),
    jobCheckpointBytes: new Gauge({
      name: "job_checkpoint_bytes",
      help: "Size of what the embedded engine keeps of unfinished jobs.",
      registers,
    }),
    degraded: new Counter({
      name: "degraded_total",
      help: "Parts that did not take part in an answer.",
      labelNames: ["part"],
      registers,
    }),
    violations: new Counter({
      name: "validation_violations_total",
      help: "Violations of validation rules.",
      labelNames: ["rule"],
      registers,
    }),
    eventsPublished: new Counter({
      name: "events_published_total",
      help: "Events that left the outbox, by outcome.",
      labelNames: ["outcome"],
      registers,
    }),
    eventsPending: new Gauge({
      name: "events_pending",
      help: "Events in the outbox that are not published yet; counted to 10,000.",
      registers,
    }),
    eventsPendingSeconds: new Gauge({
      name: "events_pending_seconds",
      help: "Age of the oldest event that is not published yet.",
      registers,
    }),
    eventsConsumed: new Counter({
      name: "events_consumed_total",
      help: "Attempts to handle an event, by outcome: handled, failed (comes again), dead.",
      labelNames: ["consumer", "outcome"],
      registers,
    }),
    deadLetters: new Gauge({
      name: "dead_letters_waiting",
      help: "Dead letters that nobody has retried or dropped.",
      registers,
    }),
    graphItems: new Counter({
      name: "graph_items_total",
      help: "Messages and pieces of documents that the graph has read, by rules or by a model.",
      labelNames: ["origin"],
      registers,
    }),
    graphModelCalls: new Counter({
      name: "graph_model_calls_total",
      help: "Questions to the model that reads texts for the graph: used, unusable (what it said), failed (comes again).",
      labelNames: ["outcome"],
      registers,
    }),
    scheduleRuns: new Counter({
      name: "schedule_runs_total",
      help: "Runs of schedules by outcome: done, failed.",
      labelNames: ["schedule", "outcome"],
      registers,
    }),
    scheduleSeconds: new Histogram({
      name: "schedule_run_duration_seconds",
      help: "Time of one run of a schedule.",
      labelNames: ["schedule"],
      buckets: [0.1, 1, 10, 60, 300, 1_800, 7_200],
      registers,
    }),
    schedulerLeads: new Gauge({
      name: "scheduler_leads",
      help: "1 in the process that leads the schedules.",
      registers,
    }),
    jobsBytes: new Gauge({
      name: "jobs_stored_bytes",
      help: "What long jobs take up in the database with their events and results, at the last look.",
      registers,
    }),
    jobStepSeconds: new Histogram({
      name: "job_step_duration_seconds",
      help: "Time of one attempt at a step of a job, by step (task, assign) and outcome: ok, failed, cancelled.",
      labelNames: ["step", "outcome"],
      buckets: [0.01, 0.1, 1, 10, 60, 300, 1_800, 7_200],
      registers,
    }),
    chatConnections: new Gauge({
      name: "channel_ws_connections",
      help: "Clients connected to /ws/chat.",
      registers,
    }),
    chatFanout: new Histogram({
      name: "channel_ws_fanout_latency_seconds",
      help: "Time from a message's commit to the last subscriber of this process; channels beyond 100 count as other.",
      labelNames: ["channel_id"],
      buckets: seconds,
      registers,
    }),
    frontWaiting: new Gauge({
      name: "front_waiting_messages",
      help: "Messages that a front has taken and not yet brought to the engine.",
      registers,
    }),
    frontRefused: new Gauge({
      name: "front_refused_messages",
      help: "Messages that the engine refused after a front had taken them, and that nobody has retried or dropped.",
      registers,
    }),
    frontFlushed: new Counter({
      name: "front_flushed_total",
      help: "Messages at a front by what became of them: settled, refused.",
      labelNames: ["outcome"],
      registers,
    }),
    deepLagChanges: new Gauge({
      name: "atlas_deep_lag_changes",
      help: "Changes that a deep core has not acknowledged.",
      labelNames: ["core"],
      registers,
    }),
    deepLagSeconds: new Gauge({
      name: "atlas_deep_lag_seconds",
      help: "Age of the oldest change that a deep core has not acknowledged.",
      labelNames: ["core"],
      registers,
    }),
    breakerOpen: new Gauge({
      name: "breaker_open",
      help: "1 while a circuit breaker is open.",
      labelNames: ["name"],
      registers,
    }),
  };
};

export type Metrics = ReturnType<typeof createMetrics>;
