import { checkSlots } from "../platform/egress/check-slots.ts";
import { AppError, isAppError } from "../platform/errors/app-error.ts";
import type { Metrics } from "../platform/metrics/metrics.ts";
import type { RagService } from "../rag-services/rag-service.ts";
import type { QueryRuntime } from "./query.ts";
import { runStep, type StepState, type StepWrites } from "./step-state.ts";
import type { Say } from "./wording.ts";

export interface CallServiceDeps {
  readonly services: ReadonlyMap<string, RagService>;
  readonly timeoutMs: (service: string) => number;
  readonly metrics: Pick<Metrics, "serviceSeconds">;
  readonly say: Say;
}

/** Asks one domain service. Its failure is a result with a sentence, never the query's failure. */
export const createCallService = ({ services, timeoutMs, metrics, say }: CallServiceDeps) =>
  async function callService(state: StepState, runtime: QueryRuntime): Promise<StepWrites> {
    const { step, locale, timezone, permit } = state;
    const service = services.get(step.target);
    const writes = await runStep(
      state,
      runtime,
      timeoutMs(step.target),
      async (signal) => {
        if (!service) throw new Error("no such service");
        await checkSlots(permit, step.args);
        const slots = service.slots.safeParse(step.args);
        if (!slots.success)
          throw new AppError(
            "INVALID_INPUT",
            say("step.failed", locale, { what: say(`part.${step.target}`, locale) || step.target }),
          );
        const { evidence, degraded } = await service.query(slots.data, {
          signal,
          locale,
          timezone,
          now: runtime.context?.now ?? new Date(),
          permit,
        });
        return { evidence, degraded, text: service.render(evidence, locale, timezone) };
      },
      (error, timedOut) => {
        // "Which place?" and "no such flight" are the service's own words; that it is out of reach is said the same for all.
        if (!timedOut && isAppError(error) && error.code !== "INTERNAL" && error.code !== "UPSTREAM_UNAVAILABLE")
          return error.message;
        return say("step.unreachable", locale, { what: say(`part.${step.target}`, locale) || step.target });
      },
    );
    for (const result of writes.results)
      metrics.serviceSeconds.observe({ service: step.target, status: result.status }, result.ms / 1000);
    return writes;
  };
