import { createHash } from "node:crypto";
import { z } from "zod";
import type { Database } from "../platform/db/database.ts";
import { raiseAlert, resolveAlert } from "../platform/events/alerts.ts";
import { inLocale } from "./in-locale.ts";
import { defineTool } from "./tool.ts";

const Input = z.object({
  component: z
    .string()
    .regex(/^[a-z0-9][a-z0-9_-]{0,63}$/, "must be lower-case letters, digits, '_' and '-'")
    .describe("The part of the system that it is about, such as database"),
  severity: z.enum(["info", "warning", "critical"]).default("warning"),
  state: z.enum(["raised", "resolved"]).default("raised").describe("resolved: the trouble is over"),
});
const Output = z.object({ alertId: z.string(), state: z.enum(["raised", "known", "resolved"]) });

const levels = { info: 1, warning: 2, critical: 3 } as const;

/** What an event may say of a confidential conversation is nothing of its words. */
const nameOf = (component: string, isConfidential: boolean): string =>
  isConfidential ? createHash("sha256").update(component).digest("hex").slice(0, 12) : component;

/**
 * Tells the operator of an incident by an event `ops.alert.*`, or that it is over. One that is open already is told again only
 * when it got worse.
 * @throws {AppError} DATABASE_UNAVAILABLE (retryable)
 */
export const createRaiseAlert = ({ database }: { readonly database: Pick<Database, "transaction"> }) =>
  defineTool({
    name: "raise_alert",
    description: "Raises an alert about an incident to the operator, or says that it is over.",
    effect: "write",
    idempotent: true,
    allowedRoles: ["admin"],
    scopes: [],
    input: Input,
    output: Output,
    async run({ component, severity, state }, { permit }) {
      const alertId = `incident:${nameOf(component, permit.confidential)}`;
      return database.transaction(async (connection) => {
        if (state === "resolved") {
          await resolveAlert(connection, alertId);
          return { alertId, state };
        }
        const raised = await raiseAlert(connection, {
          id: alertId,
          severity,
          source: "triage",
          level: levels[severity],
        });
        return { alertId, state: raised };
      });
    },
    render({ alertId, state }, { severity }, locale) {
      const words = {
        raised: {
          en: `The alert ${alertId} was raised (${severity}).`,
          pl: `Zgłoszono alert ${alertId} (${severity}).`,
        },
        known: { en: `The alert ${alertId} was open already.`, pl: `Alert ${alertId} był już otwarty.` },
        resolved: { en: `The alert ${alertId} is over.`, pl: `Alert ${alertId} zakończono.` },
      };
      return inLocale(locale, words[state]);
    },
  });
