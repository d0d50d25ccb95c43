import { z } from "zod";
import { inLocale } from "./in-locale.ts";
import { defineTool } from "./tool.ts";

const Output = z.object({
  /** What Athena stands on, and each one's state. */
  parts: z.array(z.object({ name: z.string(), state: z.enum(["up", "down", "open-breaker"]) })),
  /** Alerts that are open: what they are about, and how bad it is. */
  alerts: z.array(z.object({ id: z.string(), severity: z.string() })),
});
export type SystemState = z.infer<typeof Output>;

/** The state of what the engine stands on, and open alerts. @throws {AppError} DATABASE_UNAVAILABLE (retryable) */
export const createCheckSystem = ({ readSystem }: { readonly readSystem: () => Promise<SystemState> }) =>
  defineTool({
    name: "check_system",
    description: "State of the parts of the system, and open alerts.",
    effect: "read",
    idempotent: true,
    allowedRoles: ["user"],
    scopes: [],
    input: z.object({}),
    output: Output,
    run: readSystem,
    render({ parts, alerts }, _input, locale) {
      const none = inLocale(locale, { en: "No alert is open.", pl: "Nie ma otwartych alertów." });
      return [
        ...parts.map(({ name, state }) => `- ${name}: ${state}`),
        ...(alerts.length === 0 ? [`- ${none}`] : alerts.map(({ id, severity }) => `- ${id}: ${severity}`)),
      ].join("\n");
    },
  });
