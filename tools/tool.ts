import type { z } from "zod";
import type { EgressPermit } from "../platform/egress/egress.ts";
import type { Principal } from "../platform/policy/principal.ts";

/** What belongs to one call of a tool. */
export interface ToolContext {
  readonly principal: Principal;
  readonly signal: AbortSignal;
  readonly locale: string;
  readonly timezone: string;
  readonly now: Date;
  readonly threadId: string;
  readonly permit: EgressPermit;
  /** Stable over retries of one call; given to whatever has effects. */
  readonly idempotencyKey: string;
  /** Somebody said that an earlier call with this key came to nothing: what was begun and not done counts no more. */
  readonly isRepeat?: boolean;
}

/**
 * A callable with side effects or computation, run only through `executeTool`.
 * `effect` and `allowedRoles` are what the policy decision reads; `render` says the output in words (en, pl).
 */
export interface Tool<Input = unknown, Output = unknown> {
  readonly name: string;
  readonly description: string;
  readonly input: z.ZodType<Input>;
  readonly output: z.ZodType<Output>;
  readonly allowedRoles: readonly string[];
  readonly scopes: readonly string[];
  readonly effect: "read" | "write" | "irreversible";
  readonly idempotent: boolean;
  readonly timeoutMs?: number;
  run(input: Input, context: ToolContext): Promise<Output>;
  render(output: Output, input: Input, locale: string, timezone: string): string;
}

/** Infers the types of a tool and freezes it. */
export const defineTool = <Input, Output>(tool: Tool<Input, Output>): Tool<Input, Output> => Object.freeze(tool);
