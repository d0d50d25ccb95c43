import type { ToolDeclaration } from "../../platform/models/model-gateway.ts";
import type { HomeCommand } from "../home/home.ts";
import { fitArguments } from "./fit-arguments.ts";

/** As much of a question's target as a reading tool can filter by; what it cannot is sorted out of its answer. */
export const fitFilter = (
  tool: Pick<ToolDeclaration, "parameters">,
  { slots, intent }: Pick<HomeCommand, "slots" | "intent">,
): Record<string, unknown> => {
  const own =
    intent === "HassTimerStatus"
      ? slots
      : { name: slots.name === "all" ? undefined : slots.name, area: slots.area, domain: slots.domain };
  const filter: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(own))
    if (value !== undefined)
      Object.assign(filter, fitArguments({ parameters: { ...tool.parameters, required: [] } }, { [key]: value }));
  return filter;
};
