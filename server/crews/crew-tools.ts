import type { z } from "zod";
import { createOwnTools, type OwnTool } from "../../nodes/answer/own-tools.ts";
import type { IntentRow } from "../../platform/config/registry.ts";
import { checkSlots } from "../../platform/egress/check-slots.ts";
import { AppError, isAppError } from "../../platform/errors/app-error.ts";
import { documentPlace } from "../../platform/evidence/quote-fragment.ts";
import type { RagService } from "../../rag-services/rag-service.ts";
import type { ExecuteTool } from "../../tools/execute-tool.ts";
import { runWithin } from "../../tools/run-within.ts";
import type { Tool } from "../../tools/tool.ts";
import type { JobWork } from "../../workflows/jobs/job.ts";
import type { Source } from "../../workflows/task-work/source.ts";
import type { CrewAnswer, CrewTool, TaskWorkDeps } from "../../workflows/task-work/task-work-deps.ts";
import { isAboutJob } from "./is-about-job.ts";

export interface CrewToolsDeps {
  readonly tools: readonly Tool[];
  readonly services: ReadonlyMap<string, RagService>;
  readonly intents: () => readonly IntentRow[];
  readonly executeTool: ExecuteTool;
  readonly rolesOf: TaskWorkDeps["rolesOf"];
  readonly timeoutMs: (service: string) => number;
}

interface Fragment {
  readonly messageId: string;
  readonly threadId: string;
  readonly role: string;
  readonly author: string;
  readonly content: string;
  readonly createdAt: string;
  readonly document?: Parameters<typeof documentPlace>[0];
}

const toSource = ({ messageId, author, content, createdAt, document }: Fragment): Source => ({
  itemId: messageId,
  title: document ? documentPlace(document) : `${author}, ${createdAt.slice(0, 10)}`,
  text: content,
});

/** Sources in what our own tools give, by the tool's name; what has no item and no address is none. */
const sourcesOf: Readonly<Record<string, (output: never, job: JobWork) => readonly Source[]>> = {
  // What agents said in earlier jobs is no source: crews would prove each other right. Nor is what asked for the job.
  recall_memory: ({ fragments }: { readonly fragments: readonly Fragment[] }, job) =>
    fragments.filter((fragment) => fragment.role !== "agent" && !isAboutJob(fragment, job)).map(toSource),
  activity: ({
    timeline,
  }: {
    readonly timeline: readonly { messageId: string; author: string; at: string; text: string }[];
  }) =>
    timeline.map(({ messageId, author, at, text }) => ({
      itemId: messageId,
      title: `${author}, ${at.slice(0, 10)}`,
      text,
    })),
};

/** A failure of what only reads is thrown where it may pass; of what has effects nobody knows how far it got. */
const toFailure = (effect: OwnTool["effect"], reason: string, error: unknown): CrewAnswer => {
  if (effect === "read" && isAppError(error) && error.retryable) throw error;
  return { status: "failed", reason };
};

const tooSlow = (reason: string): AppError => new AppError("UPSTREAM_UNAVAILABLE", reason);

/**
 * Everything that agents of crews may call: tools, through the one way to run them, and services as tools that read. Refusals and
 * failures are answers; what may pass is thrown by what only reads.
 */
export const createCrewToolSet = (deps: CrewToolsDeps): (() => readonly CrewTool[]) => {
  const { tools, services, intents, executeTool, rolesOf, timeoutMs } = deps;
  const list = createOwnTools({ tools, services, intents });

  const runTool =
    ({ name, effect }: OwnTool): CrewTool["run"] =>
    async (args, { job, permit, idempotencyKey, isRepeat = false, locale, now, signal }): Promise<CrewAnswer> => {
      const { id } = job.principal;
      const outcome = await executeTool(name, args, {
        principal: { id, roles: rolesOf(id) ?? [], profile: "openai" },
        signal,
        locale,
        timezone: job.timezone,
        now,
        threadId: job.threadId,
        permit,
        idempotencyKey,
        isRepeat,
      });
      if (outcome.status === "failed") return toFailure(effect, outcome.reason, outcome.error);
      if (outcome.status === "timeout") return toFailure(effect, outcome.reason, tooSlow(outcome.reason));
      if (outcome.status !== "ok") return { status: "refused", reason: outcome.reason };
      const { text, output } = outcome;
      const sources = sourcesOf[name]?.(output as never, job) ?? [];
      if (name !== "recall_memory") return { status: "ok", text, data: output, sources };
      // What it recalls is in the sources, word for word.
      return { status: "ok", text: sources.length > 0 ? "" : "Nothing was found.", sources };
    };

  const runService =
    ({ name }: OwnTool): CrewTool["run"] =>
    async (args, { job: { timezone }, permit, locale, now, signal }): Promise<CrewAnswer> => {
      const service = services.get(name)!;
      try {
        await checkSlots(permit, args);
        const slots = (service.slots as z.ZodType<Record<string, unknown>>).safeParse(args);
        if (!slots.success) return { status: "refused", reason: `${name} cannot work with these arguments.` };
        const ran = await runWithin(timeoutMs(name), signal, (inner) =>
          service.query(slots.data, { signal: inner, locale, timezone, now, permit }),
        );
        if (ran.timedOut) throw tooSlow(`${name} took too long.`);
        const { evidence } = ran.value;
        const sources = evidence.flatMap(({ title, text, sourceUrl }) =>
          sourceUrl === undefined ? [] : [{ title, text, url: sourceUrl }],
        );
        const isAllSources = sources.length > 0 && sources.length === evidence.length;
        return { status: "ok", text: isAllSources ? "" : service.render(evidence, locale, timezone), sources };
      } catch (error) {
        signal.throwIfAborted();
        return toFailure("read", isAppError(error) ? error.message : `${name} failed.`, error);
      }
    };

  let made: { readonly from: readonly OwnTool[]; readonly tools: readonly CrewTool[] } | undefined;
  return () => {
    const own = list();
    if (made?.from === own) return made.tools;
    const next = own.map(
      (tool): CrewTool => ({
        name: tool.name,
        description: tool.description,
        parameters: tool.parameters,
        effect: tool.effect,
        allowedRoles: tool.allowedRoles,
        run: tool.kind === "tool" ? runTool(tool) : runService(tool),
      }),
    );
    made = { from: own, tools: next };
    return next;
  };
};
