import type { Token } from "../text/tokens.ts";
import type { FactBase } from "./collect-facts.ts";
import { localMoment } from "./days.ts";
import type { NumberAtom } from "./terms.ts";

/** Judges how many of something an answer says there are. */
export interface Counts {
  isCount(claim: NumberAtom, tokens: readonly Token[]): boolean;
}

const firstOfList =
  /^(?:top|first|next|last|latest|these|following|pierwsze|pierwszych|najbliższe|ostatnie|następujące|перші|наступні|останні|הבאים|הבאות|הראשונים|האחרונים)$/;

/** Counts of list entries and pieces of evidence, in all and of one day. */
export const createCounts = (base: FactBase): Counts => {
  const [home = "UTC"] = base.zones;
  const entries = new Map<string, Map<string, number>>();
  for (const { epoch, path } of base.moments) {
    const day = path === "observed" ? undefined : localMoment(epoch, home)?.day;
    if (day === undefined) continue;
    const days = entries.get(path) ?? new Map<string, number>();
    days.set(day, (days.get(day) ?? 0) + 1);
    entries.set(path, days);
  }
  /** How many entries of each kind the days named have together; none where a weekday may be any of many. */
  const countsOf = (named: ReadonlySet<string>): ReadonlySet<number> =>
    new Set(
      [...entries.values()].flatMap((days) => {
        const counts = [...named].flatMap((day) => days.get(day) ?? []);
        return counts.length === 0 ? [] : [counts.reduce((sum, count) => sum + count, 0), ...counts];
      }),
    );
  const months = new Set(
    base.facts.flatMap(({ atom, from }) =>
      from !== "said" && atom.kind === "date" && atom.month !== undefined && atom.day === undefined ? [atom.month] : [],
    ),
  );
  return {
    isCount(claim, tokens) {
      const { dimension } = claim.unit ?? {};
      const [told = 0] = claim.values;
      // Only days are listed one by one.
      if ((dimension !== undefined && !/^(?:day|month)$/.test(claim.unit?.id ?? "")) || /^0\d|[.,]/.test(claim.written))
        return false;
      // "in both months"
      if (claim.unit?.id === "month") return told > 1 && months.size === told;
      // "court no. 2"
      if (/^(?:№|#|no|nr)$/.test(tokens[claim.from - 1]?.lower ?? "")) return false;
      // "two today and one tomorrow"
      const ofDays = countsOf(claim.labels.days);
      if (ofDays.has(told)) return true;
      if (base.counts.has(told)) return ofDays.size === 0 || claim.unit !== undefined;
      if (told > base.longestList || told < 1) return false;
      return tokens.slice(Math.max(0, claim.from - 3), claim.from).some(({ lower }) => firstOfList.test(lower));
    },
  };
};
