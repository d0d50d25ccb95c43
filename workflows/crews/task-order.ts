import type { Crew } from "./crew.ts";

/** What each task waits for: what it needs, and in sequence also the task before it. */
export const waitsFor = ({ process, tasks }: Pick<Crew, "process" | "tasks">): ReadonlyMap<string, readonly string[]> =>
  new Map(
    tasks.map(({ id, needs }, index) => {
      const before = process === "graph" || index === 0 ? [] : [tasks[index - 1]!.id];
      return [id, [...new Set([...before, ...needs])]];
    }),
  );

/** The tasks of one circle, each waiting for the next one; undefined when there is none. */
export const findCircle = (waits: ReadonlyMap<string, readonly string[]>): readonly string[] | undefined => {
  const finished = new Set<string>();
  const visit = (id: string, path: readonly string[]): readonly string[] | undefined => {
    if (path.includes(id)) return path.slice(path.indexOf(id));
    if (finished.has(id)) return undefined;
    for (const next of waits.get(id) ?? []) {
      const circle = visit(next, [...path, id]);
      if (circle) return circle;
    }
    finished.add(id);
    return undefined;
  };
  for (const id of waits.keys()) {
    const circle = visit(id, []);
    if (circle) return circle;
  }
  return undefined;
};
