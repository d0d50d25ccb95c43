import { fillIn } from "../../crews/fill-in.ts";
import type { Way } from "./way.ts";

/** What earlier tasks gave, one after the other; of a task that needs none, what it is about. */
export const combineResults: Way = ({ task, context, input }) => {
  const texts = Object.values(context).map(({ text }) => text.trim());
  const data = Object.values(context).map((output) => output.data);
  return {
    text: texts.filter(Boolean).join("\n\n") || fillIn(task.description, input),
    ...(data.length === 1 && data[0] !== undefined ? { data: data[0] } : {}),
  };
};
