import type { CrewRow, RegistrySource } from "../../platform/config/registry.ts";
import type { CrewParts } from "./check-crew.ts";
import type { Crew } from "./crew.ts";
import { readCrew } from "./read-crew.ts";

export interface CrewsInForceDeps {
  readonly registry: Pick<RegistrySource, "current">;
  /** What the installation has now. */
  readonly parts: () => CrewParts;
  /** Told of each row that cannot be used; the last good one of its id stays in force. */
  readonly report: (error: unknown, id: string) => void;
}

/** The crews that jobs can be made of, as the registry has them at the moment. */
export interface CrewsInForce {
  get(id: string): Crew | undefined;
  /** In alphabetical order of ids. */
  list(): readonly Crew[];
}

/** Reads the registry's crews, anew when their rows change. */
export const createCrewsInForce = ({ registry, parts, report }: CrewsInForceDeps): CrewsInForce => {
  let rows: readonly CrewRow[] | undefined;
  let crews: ReadonlyMap<string, Crew> = new Map();

  const current = (): ReadonlyMap<string, Crew> => {
    const now = registry.current().crews;
    if (now === rows) return crews;
    const having = parts();
    const next = new Map<string, Crew>();
    for (const row of now) {
      try {
        next.set(row.id, readCrew(row, having));
      } catch (error) {
        report(error, row.id);
        const lastGood = crews.get(row.id);
        if (lastGood) next.set(row.id, lastGood);
      }
    }
    crews = next;
    rows = now;
    return crews;
  };

  return { get: (id) => current().get(id), list: () => [...current().values()] };
};
