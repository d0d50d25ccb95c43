import { natureOf } from "../answer/tool-nature.ts";
import { isWriting } from "../answer/tool-words.ts";
import type { Action } from "./action.ts";

const switches: ReadonlySet<string> = new Set(["on", "off"]);

/** Whether a call only looked something up: its name says so, or has no word of doing anything. What it gave is evidence. */
export const onlyReads = ({ tool }: Action): boolean => {
  const { writes, words } = natureOf({ name: tool });
  return !writes || !([...words].some(isWriting) || tool.split(/(?=\p{Lu})|[^\p{L}]+/u).some(isSwitch));
};
const isSwitch = (word: string): boolean => switches.has(word.toLowerCase());

/** Whether a call of this turn looked something up and got it. */
export const hasRead = (actions: readonly Action[]): boolean =>
  actions.some((action) => action.outcome === "ok" && onlyReads(action));
