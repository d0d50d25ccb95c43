/** Finds how many there are of what may be counted. */
export interface Counter {
  readonly counts: ReadonlySet<number>;
  /** Lengths of lists: fewer may be told as "the first three". */
  longestList(): number;
  /** A list, and how many of its entries are alike in a field. */
  list(items: readonly unknown[]): void;
  /** The lists that stand in one object. */
  object(entries: readonly (readonly [string, unknown])[]): void;
  /** The lines of a text, and what stands in a row in each. */
  text(raw: string): void;
  add(count: number): void;
}

/** How many texts or objects without lists a value's lists hold in all. */
const leavesOf = (value: unknown, depth = 0): number => {
  if (depth > 4 || !Array.isArray(value)) return 0;
  return value.reduce((sum: number, item) => {
    const nested = item !== null && typeof item === "object" ? Object.values(item).filter(Array.isArray) : [];
    return sum + (nested.length > 0 ? nested.reduce((inner: number, list) => inner + list.length, 0) : 1);
  }, 0);
};

/** Makes a counter for one query. */
export const createCounter = (): Counter => {
  const counts = new Set<number>();
  let longest = 0;
  return {
    counts,
    longestList: () => longest,
    add: (count) => counts.add(count),
    list(items) {
      counts.add(items.length);
      longest = Math.max(longest, items.length);
      const groups = new Map<string, number>();
      for (const item of items.slice(0, 500)) {
        if (item === null || typeof item !== "object") continue;
        for (const [key, value] of Object.entries(item)) {
          if (typeof value !== "string" && typeof value !== "boolean") continue;
          const group = `${key}=${value}`;
          groups.set(group, (groups.get(group) ?? 0) + 1);
        }
      }
      for (const count of groups.values()) counts.add(count);
    },
    object(entries) {
      const lists = entries.flatMap(([, value]) => (Array.isArray(value) ? [value.length] : []));
      if (lists.length > 0) counts.add(entries.reduce((sum, [, value]) => sum + leavesOf(value), 0));
      if (lists.length > 1) counts.add(lists.reduce((sum, length) => sum + length, 0));
    },
    text(raw) {
      for (const line of raw.split(/[\n.;:]/, 200)) counts.add(line.split(/,| and | i | oraz | та | і | ו/).length);
      counts.add(raw.split(/\n/).filter((line) => line.trim() !== "").length);
    },
  };
};
