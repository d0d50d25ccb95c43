import type { WaitingEntry } from "./session-store.ts";

/** Entries in lists, each key once in a list, with their totals; in memory. */
export interface EntryLists {
  has(name: string, key: string): boolean;
  /** Adds an entry at the end of a list; one of this key stays as it is. */
  put(name: string, entry: WaitingEntry): void;
  /** Takes an entry out. */
  take(name: string, key: string): WaitingEntry | undefined;
  of(name: string): readonly WaitingEntry[];
  /** The lists that are not empty. */
  names(): readonly string[];
  readonly entries: number;
  readonly characters: number;
}

export const createEntryLists = (): EntryLists => {
  const lists = new Map<string, Map<string, string>>();
  let entries = 0;
  let characters = 0;
  return {
    has: (name, key) => lists.get(name)?.has(key) ?? false,
    put(name, { key, value }) {
      const list = lists.get(name) ?? new Map<string, string>();
      lists.set(name, list);
      if (list.has(key)) return;
      list.set(key, value);
      entries += 1;
      characters += value.length;
    },
    take(name, key) {
      const list = lists.get(name);
      const value = list?.get(key);
      if (list === undefined || value === undefined) return undefined;
      list.delete(key);
      if (list.size === 0) lists.delete(name);
      entries -= 1;
      characters -= value.length;
      return { key, value };
    },
    of: (name) => [...(lists.get(name) ?? [])].map(([key, value]) => ({ key, value })),
    names: () => [...lists.keys()],
    get entries() {
      return entries;
    },
    get characters() {
      return characters;
    },
  };
};
