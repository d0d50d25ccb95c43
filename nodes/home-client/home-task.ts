import type { HomeCommand } from "../home/home.ts";
import type { ReadyCall } from "./call-of.ts";
import type { ClientHome } from "./client-home.ts";
import type { HomeTools } from "./client-tools.ts";
import { fitFilter } from "./fit-filter.ts";
import type { Resolved } from "./resolve-command.ts";
import type { SaidCommand } from "./said-command.ts";

/** An order or question with the call that it needs. */
export interface Task {
  readonly said: SaidCommand;
  readonly part: number;
  readonly meaning: Resolved;
  readonly call: ReadyCall | undefined;
}

/** Whether the prompt itself tells states. */
export const statesOf = (client: ClientHome | undefined): boolean =>
  client?.exposed.some(({ state }) => state !== undefined) ?? false;

/** The call that an order or question needs; none where the prompt answers. */
export const toTask = (
  said: SaidCommand,
  meaning: Resolved,
  tools: HomeTools,
  client: ClientHome | undefined,
): Task => {
  const { part } = said;
  if (meaning.kind === "call") return { said, part, meaning, call: meaning.call };
  if (meaning.kind !== "read") return { said, part, meaning, call: undefined };
  const tool = tools.get(meaning.command.intent === "HassTimerStatus" ? "HassTimerStatus" : "GetLiveContext");
  if (!tool || (tool.name.endsWith("GetLiveContext") && statesOf(client)))
    return { said, part, meaning, call: undefined };
  return { said, part, meaning, call: { name: tool.name, arguments: fitFilter(tool, meaning.command) } };
};

/** A task as the call that was made says it, where that is not the one that was expected. */
export const asMade = (task: Task, call: ReadyCall | undefined): Task => {
  if (!call || task.meaning.kind !== "call") return task;
  const slots: HomeCommand["slots"] = Object.fromEntries(
    Object.entries(call.arguments).flatMap(([key, value]) => {
      const first: unknown = Array.isArray(value) ? value[0] : value;
      return typeof first === "string" || typeof first === "number" ? [[key, first]] : [];
    }),
  );
  return { ...task, meaning: { ...task.meaning, command: { ...task.meaning.command, slots, entities: [] } } };
};
