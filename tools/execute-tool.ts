import type { AppError } from "../platform/errors/app-error.ts";
import type { ToolContext } from "./tool.ts";

/** How a call ended. Refusals and failures are values: the user is told, the query goes on. */
export type ToolOutcome =
  | {
      readonly status: "ok";
      readonly output: unknown;
      readonly text: string;
      readonly replayed: boolean;
      readonly ms: number;
    }
  | {
      readonly status: "denied" | "invalid" | "failed" | "timeout" | "unknown_tool";
      readonly reason: string;
      /** What a call that `failed` threw, if it is one of ours: whether trying again may help, and when. */
      readonly error?: AppError;
      readonly ms: number;
    };

/**
 * The only way to run a tool: checks roles, validates input, applies time-out and idempotency key, writes the audit row, counts.
 * Rejects only when the context's own signal aborts.
 */
export type ExecuteTool = (name: string, input: unknown, context: ToolContext) => Promise<ToolOutcome>;
