import { createDataBlock } from "../../nodes/answer/data-block.ts";
import { judgeCall, refusalWords } from "../../nodes/answer/judge-call.ts";
import { natureOf } from "../../nodes/answer/tool-nature.ts";
import { readAskedActions } from "../../nodes/untrusted/asked-actions.ts";
import { createScreen } from "../../nodes/untrusted/create-screen.ts";
import type { TaskWorkDeps } from "../../workflows/task-work/task-work-deps.ts";

/** What keeps the model of a round from taking data for instructions: the same that conversations have. */
export const createRoundGuard: TaskWorkDeps["guard"] = ({ crew, user }, toolNames) => {
  const screen = createScreen({ question: `${crew}\n${user}`, toolNames });
  const block = createDataBlock();
  const asked = readAskedActions(crew);
  return {
    data: (text, source) => block("data", screen.text(text, source)),
    clean: (text, source) => screen.text(text, source),
    refusal(call, tool, untrusted) {
      const nature = { ...natureOf(tool), writes: tool.effect !== "read" };
      // What a crew's author asks for is asked for; only what others wrote can be in the way.
      const refusal = judgeCall(nature, call.arguments, { asked, trusted: `${crew}\n${user}`, untrusted }, false);
      return refusal === undefined ? undefined : refusalWords[refusal];
    },
  };
};
