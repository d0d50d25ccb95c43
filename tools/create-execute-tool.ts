import { createHash } from "node:crypto";
import type { Logger } from "pino";
import type { z } from "zod";
import { isAppError } from "../platform/errors/app-error.ts";
import type { Audit } from "../platform/events/audit.ts";
import type { Metrics } from "../platform/metrics/metrics.ts";
import type { IdempotencyStore } from "../platform/policy/idempotency.ts";
import { createAuditQueue } from "./audit-queue.ts";
import type { ExecuteTool, ToolOutcome } from "./execute-tool.ts";
import { inLocale } from "./in-locale.ts";
import { runWithin } from "./run-within.ts";
import type { Tool, ToolContext } from "./tool.ts";

export interface ExecuteToolDeps {
  readonly tools: readonly Tool[];
  readonly idempotency: IdempotencyStore;
  readonly audit: Pick<Audit, "append">;
  readonly metrics: Pick<Metrics, "toolCalls">;
  readonly logger: Pick<Logger, "error" | "warn">;
  /** For tools that name no time-out of their own; default 4,000. */
  readonly timeoutMs?: number;
}

type Refusal = Exclude<ToolOutcome, { status: "ok" }>;
type Ending = Omit<Extract<ToolOutcome, { status: "ok" }>, "ms"> | Omit<Refusal, "ms">;

/** What is stored of a call with effects: its result, or why it failed. */
type Stored = { readonly output?: unknown; readonly text?: string; readonly failed?: string };

const canonical = (value: unknown): string =>
  JSON.stringify(value, (_, inner) =>
    inner && typeof inner === "object" && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );

const refuse = (status: Refusal["status"], locale: string, sentences: { en: string; pl: string }): Ending => ({
  status,
  reason: inLocale(locale, sentences),
});

const problems = (error: z.ZodError): string =>
  error.issues.map((issue) => [issue.path.join("."), issue.message].filter(Boolean).join(": ")).join("; ");

/**
 * Makes the one way to run a tool. Calls that only read are audited behind the answer, calls with effects and denials before
 * it; `close` writes what is still queued.
 */
export const createExecuteTool = ({
  tools,
  idempotency,
  audit,
  metrics,
  logger,
  timeoutMs = 4_000,
}: ExecuteToolDeps): { readonly executeTool: ExecuteTool; readonly close: () => Promise<void> } => {
  const byName = new Map(tools.map((tool) => [tool.name, tool]));
  if (byName.size !== tools.length) throw new Error("Two tools have the same name.");
  const queue = createAuditQueue({ audit, logger });
  /** Calls with effects that this process makes right now. */
  const atWork = new Set<string>();

  /** Runs a tool whose input is checked; failures are values. */
  const attempt = async (tool: Tool, input: unknown, context: ToolContext): Promise<Ending> => {
    const limitMs = tool.timeoutMs ?? timeoutMs;
    try {
      const ran = await runWithin(limitMs, context.signal, (signal) => tool.run(input, { ...context, signal }));
      if (ran.timedOut) {
        return refuse("timeout", context.locale, {
          en: `${tool.name} took longer than ${limitMs / 1_000} s.`,
          pl: `${tool.name}: minął czas ${limitMs / 1_000} s.`,
        });
      }
      const output = tool.output.parse(ran.value);
      return {
        status: "ok",
        output,
        text: tool.render(output, input, context.locale, context.timezone),
        replayed: false,
      };
    } catch (error) {
      context.signal.throwIfAborted();
      if (isAppError(error, "INVALID_INPUT")) return { status: "invalid", reason: error.message };
      if (isAppError(error, "POLICY_DENIED")) return { status: "denied", reason: error.message };
      if (isAppError(error)) return { status: "failed", reason: error.message, error };
      // What an unknown error says may quote the input, so confidential calls log its kind only.
      const kind = error instanceof Error ? error.name : typeof error;
      logger.warn(
        context.permit.confidential ? { tool: tool.name, kind } : { tool: tool.name, err: error },
        "tool failed",
      );
      return refuse("failed", context.locale, {
        en: `${tool.name} failed.`,
        pl: `Narzędzie ${tool.name} zawiodło.`,
      });
    }
  };

  /** The same for a tool with effects: once for each idempotency key. */
  const attemptReserved = async (tool: Tool, input: unknown, context: ToolContext): Promise<Ending> => {
    const scope = `tool:${tool.name}:${context.principal.id}`;
    const key = context.idempotencyKey;
    const bodyHash = createHash("sha256").update(canonical(input)).digest("hex");
    const keep = (status: number, stored: Stored) => idempotency.finish(scope, key, status, stored);
    let begun: Awaited<ReturnType<IdempotencyStore["begin"]>>;
    try {
      begun = await idempotency.begin(scope, key, bodyHash, { takeOver: context.isRepeat === true });
    } catch (error) {
      logger.error({ err: error, tool: tool.name }, "a call with effects could not be reserved, so it was not made");
      return refuse("failed", context.locale, {
        en: `${tool.name} was not run, because the call could not be recorded first.`,
        pl: `${tool.name}: nie wykonano, bo nie dało się najpierw zapisać wywołania.`,
      });
    }
    if (begun.state === "mismatch") {
      return refuse("invalid", context.locale, {
        en: "This call's key was already used with other input.",
        pl: "Klucz tego wywołania był już użyty z innymi danymi.",
      });
    }
    if (begun.state === "running") {
      return refuse("failed", context.locale, {
        en: "The same call is still running.",
        pl: "To samo wywołanie jeszcze trwa.",
      });
    }
    if (begun.state === "replay") {
      const stored = begun.body as Stored;
      if (stored.failed !== undefined) return { status: "failed", reason: stored.failed };
      return { status: "ok", output: stored.output, text: stored.text ?? "", replayed: true };
    }
    const interrupted = inLocale(context.locale, {
      en: `${tool.name} was interrupted; whether it took effect is not known.`,
      pl: `${tool.name}: przerwano; nie wiadomo, czy zadziałało.`,
    });
    // A tool that is idempotent itself may be tried again; of another nobody knows how far it got, so its failure is kept.
    const settleFailure = (reason: string) =>
      tool.idempotent ? idempotency.abandon(scope, key) : keep(500, { failed: reason });
    let ending: Ending;
    try {
      ending = await attempt(tool, input, context);
    } catch (aborted) {
      await settleFailure(interrupted).catch((error) =>
        logger.error({ err: error, tool: tool.name }, "result not kept"),
      );
      throw aborted;
    }
    const settle =
      ending.status === "ok"
        ? keep(200, { output: ending.output, text: ending.text })
        : settleFailure(ending.status === "timeout" ? interrupted : ending.reason);
    await settle.catch((error) => logger.error({ err: error, tool: tool.name }, "result not kept"));
    return ending;
  };

  /** Whatever anybody says of a call, one that runs here has not come to nothing. */
  const attemptOnce = async (tool: Tool, input: unknown, context: ToolContext): Promise<Ending> => {
    const call = JSON.stringify([tool.name, context.principal.id, context.idempotencyKey]);
    if (atWork.has(call)) return attemptReserved(tool, input, { ...context, isRepeat: false });
    atWork.add(call);
    try {
      return await attemptReserved(tool, input, context);
    } finally {
      atWork.delete(call);
    }
  };

  const decide = async (tool: Tool | undefined, input: unknown, context: ToolContext): Promise<Ending> => {
    if (!tool) {
      return refuse("unknown_tool", context.locale, {
        en: "There is no tool of this name.",
        pl: "Nie ma narzędzia o tej nazwie.",
      });
    }
    if (!tool.allowedRoles.some((role) => context.principal.roles.includes(role))) {
      return refuse("denied", context.locale, {
        en: `You are not allowed to use ${tool.name}.`,
        pl: `Nie masz uprawnień do ${tool.name}.`,
      });
    }
    const parsed = tool.input.safeParse(input);
    if (!parsed.success) {
      const what = problems(parsed.error);
      return refuse("invalid", context.locale, {
        en: `${tool.name} cannot work with this input (${what}).`,
        pl: `${tool.name}: złe dane (${what}).`,
      });
    }
    return tool.effect === "read" ? attempt(tool, parsed.data, context) : attemptOnce(tool, parsed.data, context);
  };

  const record = async (tool: Tool | undefined, outcome: string, ms: number, context: ToolContext): Promise<void> => {
    // Names that a model made up are neither a label nor an audit resource.
    const name = tool?.name ?? "unknown";
    metrics.toolCalls.inc({ agent_id: "athena", tool: name, status: outcome });
    const entry = {
      actor: context.principal.id,
      action: "tools.run",
      resource: `tool:${name}`,
      outcome,
      payload: { effect: tool?.effect ?? "none", ms: Math.round(ms) },
    };
    const first = outcome === "denied" || (tool !== undefined && tool.effect !== "read");
    await (first ? queue.now(entry) : queue.later(entry));
  };

  return {
    async executeTool(name, input, context) {
      context.signal.throwIfAborted();
      const startedAt = performance.now();
      const tool = byName.get(name);
      let ending: Ending;
      try {
        ending = await decide(tool, input, context);
      } catch (error) {
        await record(tool, "aborted", performance.now() - startedAt, context);
        throw error;
      }
      const ms = performance.now() - startedAt;
      await record(tool, ending.status, ms, context);
      return { ...ending, ms } as ToolOutcome;
    },
    close: () => queue.close(),
  };
};
