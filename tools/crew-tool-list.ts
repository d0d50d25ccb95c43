import { createActivity } from "./activity.ts";
import { createCheckSystem } from "./check-system.ts";
import { createRaiseAlert } from "./raise-alert.ts";
import type { Tool } from "./tool.ts";

export type CrewToolListDeps = Parameters<typeof createActivity>[0] &
  Parameters<typeof createCheckSystem>[0] &
  Parameters<typeof createRaiseAlert>[0];

/** Tools that agents of crews have beside everybody's; conversations are not offered them. */
export const createCrewTools = (deps: CrewToolListDeps): readonly Tool[] =>
  [createActivity(deps), createCheckSystem(deps), createRaiseAlert(deps)] as readonly Tool[];
