import type { EvalTask } from "./eval-task.ts";
import { factsTask } from "./facts.ts";
import { groundingTask } from "./grounding.ts";
import { homeTask } from "./home.ts";
import { injectionTask } from "./injection.ts";
import { intentsTask } from "./intents.ts";
import { memoryTask } from "./memory.ts";
import { multiTask } from "./multi.ts";
import { privacyTask } from "./privacy.ts";
import { retrievalTask } from "./retrieval.ts";

/** Every task of `npm run eval`. To add one: its file, its line here. */
export const evalTasks: readonly EvalTask[] = [
  intentsTask,
  homeTask,
  multiTask,
  privacyTask,
  groundingTask,
  injectionTask,
  retrievalTask,
  memoryTask,
  factsTask,
];
