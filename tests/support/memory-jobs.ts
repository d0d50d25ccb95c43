import { randomUUID } from "node:crypto";
import { AppError } from "../../platform/errors/app-error.ts";
import type { Decision } from "../../workflows/crews/steps.ts";
import { endStatuses, type Job, type JobStatus, type JobWork, type PendingQuestion } from "../../workflows/jobs/job.ts";
import type { JobEvent, JobOutcome, JobRecords, Jobs, NewJob } from "../../workflows/jobs/job-store.ts";

/** Where jobs are kept, and what came of them. */
export interface JobsUnderTest {
  readonly jobs: Jobs;
  readonly records: JobRecords;
  /** A thread of the principal, for a job's result. */
  newThread(principal: string): Promise<string>;
  /** What jobs have put into a thread, in order. */
  saidIn(principal: string, threadId: string): Promise<readonly string[]>;
  /** Erases a thread for good; nobody is told. */
  erase(principal: string, threadId: string): Promise<void>;
}

interface Row {
  readonly work: JobWork;
  readonly idempotencyKey: string | undefined;
  readonly createdAt: string;
  readonly events: JobEvent[];
  /** Questions by their keys, oldest first, and their answers. */
  readonly questions: Map<string, PendingQuestion>;
  readonly decisions: Map<string, Decision>;
  begun: boolean;
  told: number;
  heard: number;
  cancel: boolean;
  outcome?: JobOutcome;
}

/** Jobs in memory, as the database keeps them, for engines that are tested without one. */
export const memoryJobs = (): JobsUnderTest => {
  const rows = new Map<string, Row>();
  const threads = new Map<string, Map<string, string>>();

  const rowOf = (id: string): Row => {
    const row = rows.get(id);
    if (!row) throw new AppError("NOT_FOUND", "There is no such job.");
    return row;
  };
  const own = (principal: string, id: string): Row | undefined => {
    const row = rows.get(id);
    return row?.work.principal.id === principal ? row : undefined;
  };
  const open = ({ questions, decisions }: Row): PendingQuestion | undefined =>
    [...questions.values()].find(({ key }) => !decisions.has(key));
  const statusOf = (row: Row): JobStatus => {
    if (row.outcome) return row.outcome.status;
    const question = open(row);
    if (question) return question.question.about === "outcome" ? "outcome_unknown" : "waiting_approval";
    return row.begun ? "running" : "queued";
  };
  const jobOf = (row: Row): Job => {
    const { work, outcome } = row;
    const question = outcome ? undefined : open(row);
    const asking = [...row.questions.values()].filter(({ key }) => !row.decisions.has(key));
    const waiting = new Set(asking.map(({ question: { task } }) => task));
    const done = new Set(row.events.filter(({ kind }) => kind === "task_done").map(({ task }) => task));
    const begun = new Set(row.events.filter(({ kind }) => kind === "task_started").map(({ task }) => task!));
    return {
      id: work.id,
      crew: work.crew.id,
      status: statusOf(row),
      progress: {
        done: done.size,
        total: work.crew.tasks.length,
        running: outcome ? [] : [...begun].filter((task) => !done.has(task) && !waiting.has(task)),
      },
      ...(outcome?.status === "completed" ? { result: outcome.result } : {}),
      ...(outcome?.status === "failed" ? { error: outcome.error } : {}),
      ...(question ? { question } : {}),
      usage: outcome?.usage ?? { tokens: 0, cost: 0 },
      threadId: work.threadId,
      createdAt: row.createdAt,
    };
  };

  const create = ({ idempotencyKey, ...work }: NewJob): { readonly row: Row; readonly isNew: boolean } => {
    const known = [...rows.values()].find(
      (row) =>
        row.work.id === work.id ||
        (idempotencyKey !== undefined &&
          row.idempotencyKey === idempotencyKey &&
          row.work.principal.id === work.principal.id),
    );
    if (known) return { row: known, isNew: false };
    const row: Row = {
      // As a database would: a copy, whatever the caller does with its own.
      work: structuredClone({ timezone: "UTC", askedAt: "2026-11-22T10:00:00.000Z", ...work }),
      idempotencyKey,
      createdAt: new Date().toISOString(),
      events: [],
      questions: new Map(),
      decisions: new Map(),
      begun: false,
      told: 1,
      heard: 0,
      cancel: false,
    };
    rows.set(work.id, row);
    return { row, isNew: true };
  };

  const wishToCancel = (row: Row): void => {
    if (!row.cancel) row.told += 1;
    row.cancel = true;
  };

  const jobs: Jobs = {
    async create(job) {
      const { row, isNew } = create(job);
      return { job: jobOf(row), isNew };
    },
    async get(principal, id) {
      const row = own(principal, id);
      return row && jobOf(row);
    },
    async list(principal, { status, limit }) {
      const found = [...rows.values()].filter((row) => row.work.principal.id === principal).map(jobOf);
      return found.filter((job) => status === undefined || job.status === status).slice(0, limit);
    },
    async events(principal, id, { after, limit }) {
      return own(principal, id)
        ?.events.filter(({ sequence }) => sequence > after)
        .slice(0, limit);
    },
    async decide(principal, id, decision, key) {
      const row = own(principal, id);
      if (!row) return undefined;
      const asked = key === undefined || row.decisions.has(key) ? undefined : row.questions.get(key);
      const question = row.outcome ? undefined : (asked ?? (key === undefined ? open(row) : undefined));
      if (!question) throw new AppError("CONFLICT", "This job waits for no decision.");
      row.decisions.set(question.key, decision);
      row.told += 1;
      return jobOf(row);
    },
    async cancel(principal, id) {
      const row = own(principal, id);
      if (!row) return undefined;
      wishToCancel(row);
      return jobOf(row);
    },
  };

  const records: JobRecords = {
    async work(id) {
      const row = rows.get(id);
      return row && !row.outcome ? structuredClone(row.work) : undefined;
    },
    async unfinished({ limit, after }) {
      const open = [...rows.values()].filter((row) => !endStatuses.has(statusOf(row)));
      const from = after === undefined ? 0 : open.findIndex((row) => row.work.id === after) + 1;
      return open.slice(from, from + limit).map((row) => ({ id: row.work.id, status: statusOf(row) }));
    },
    async due({ limit, after, only, ending = false }) {
      const waits: ReadonlySet<JobStatus> = new Set(["waiting_approval", "outcome_unknown"]);
      const open = await records.unfinished({ limit: rows.size, ...(after === undefined ? {} : { after }) });
      const isDue = ({ told, heard, cancel }: Row, status: JobStatus) => told > heard || cancel || !waits.has(status);
      const isEnding = ({ cancel, decisions }: Row) =>
        cancel || [...decisions.values()].some(({ decision }) => decision === "reject");
      return open
        .filter(({ id, status }) => isDue(rowOf(id), status) && (!ending || isEnding(rowOf(id))))
        .filter(({ id }) => only === undefined || id === only)
        .slice(0, limit);
    },
    async untold({ only, ...ask }) {
      const all = await records.unfinished({ ...ask, limit: rows.size });
      const open = all.map(({ id }) => rowOf(id)).filter(({ told, heard }) => told > heard);
      const asked = open.filter(({ work: { id } }) => only === undefined || id === only);
      return asked.slice(0, ask.limit).map(({ work: { id }, told }) => ({ id, told }));
    },
    async heard(id, told) {
      const row = rowOf(id);
      row.heard = Math.max(row.heard, told);
    },
    async started(id) {
      const row = rowOf(id);
      row.begun = true;
      row.heard = row.told;
    },
    async emit(id, event) {
      const { events } = rowOf(id);
      if (events.some((known) => known.id === event.id)) return;
      events.push({ ...event, sequence: events.length + 1, at: new Date().toISOString() });
    },
    async ask(id, key, question) {
      const { questions } = rowOf(id);
      if (!questions.has(key)) {
        questions.set(key, { key, question: structuredClone(question), askedAt: new Date().toISOString() });
      }
    },
    decision: async (id, key) => rowOf(id).decisions.get(key),
    wishesToCancel: async (id) => rowOf(id).cancel,
    async cancelUnbegun(id) {
      const { begun, cancel } = rowOf(id);
      if (cancel && !begun) await records.finish(id, { status: "cancelled", usage: { tokens: 0, cost: 0 } });
    },
    async finish(id, outcome, mayFinish) {
      const row = rowOf(id);
      if (row.outcome) return;
      await mayFinish?.();
      row.outcome = structuredClone(outcome);
      const { events } = row;
      events.push({
        id: `${id}/ended`,
        kind: outcome.status,
        sequence: events.length + 1,
        at: new Date().toISOString(),
      });
      const messages = threads.get(row.work.threadId) ?? new Map<string, string>();
      threads.set(row.work.threadId, messages);
      messages.set(id, outcome.status === "completed" ? outcome.result.text : outcome.status);
    },
  };

  return {
    jobs,
    records,
    newThread: async () => randomUUID(),
    async erase(_principal, threadId) {
      for (const row of rows.values()) if (row.work.threadId === threadId) wishToCancel(row);
    },
    saidIn: async (_principal, threadId) => [...(threads.get(threadId)?.values() ?? [])],
  };
};
