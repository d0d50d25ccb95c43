import { randomUUID } from "node:crypto";
import type { ToolCall } from "./model-gateway.ts";
import type { ToolFragment } from "./provider.ts";

/** A call whose arguments are no JSON object cannot be handed on as a call; its text is kept. */
export type CollectedCall =
  | { readonly whole: true; readonly call: ToolCall }
  | { readonly whole: false; readonly name: string; readonly text: string };

interface Building {
  id: string | undefined;
  name: string;
  text: string;
}

/**
 * Puts streamed fragments together to whole calls. A fragment belongs to the call with its index; another id at the same
 * index begins a new call (some servers number every call 0). Missing and repeated ids are replaced.
 */
export const createToolCallCollector = () => {
  const finished: Building[] = [];
  const building = new Map<number, Building>();
  const ids = new Set<string>();

  const add = (fragment: ToolFragment): void => {
    let entry = building.get(fragment.index);
    if (entry?.id !== undefined && fragment.id !== undefined && fragment.id !== entry.id) {
      finished.push(entry);
      building.delete(fragment.index);
      entry = undefined;
    }
    if (entry === undefined) {
      entry = { id: undefined, name: "", text: "" };
      building.set(fragment.index, entry);
    }
    entry.id ??= fragment.id;
    // A name may come in pieces, or whole again with every fragment.
    if (fragment.name && fragment.name !== entry.name) entry.name += fragment.name;
    entry.text += fragment.arguments ?? "";
  };

  const idOf = (given: string | undefined): string => {
    const id = given && !ids.has(given) ? given : `call_${randomUUID().replaceAll("-", "").slice(0, 24)}`;
    ids.add(id);
    return id;
  };

  /** The calls so far, in the order in which they began; the collector is empty afterwards. */
  const take = (): CollectedCall[] => {
    const all = [...finished, ...building.values()];
    finished.length = 0;
    building.clear();
    return all.map(({ id, name, text }) => {
      const parsed = parseArguments(text);
      return parsed ? { whole: true, call: { id: idOf(id), name, arguments: parsed } } : { whole: false, name, text };
    });
  };

  return { add, take };
};

/** Arguments as an object: nothing and `null` are none; JSON inside a JSON string is unwrapped once. */
const parseArguments = (text: string): Record<string, unknown> | undefined => {
  if (text.trim() === "") return {};
  try {
    let value: unknown = JSON.parse(text);
    if (typeof value === "string") value = value.trim() === "" ? {} : JSON.parse(value);
    if (value === null) return {};
    return typeof value === "object" && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
};
