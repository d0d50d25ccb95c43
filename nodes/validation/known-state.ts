import type { Action } from "./action.ts";
import type { Atom } from "./facts/bind.ts";
import { createSupport, type Support } from "./facts/conflict.ts";
import type { Ground } from "./ground.ts";
import { noClaim, toolDoes } from "./text/action-words.ts";
import { homeKinds, homeWordsOf } from "./text/home-words.ts";
import type { Token } from "./text/tokens.ts";

const deviceGroups = new Set(["access", "lock", "power"]);
const active = new Set(["on", "open", "unlocked", "running"]);
const negated =
  /^(?:no|not|without|never|nor|n't|isn't|aren't|nie|bez|не|без|ні|לא|ללא|בלי|אין|free|if|when|or|until|once|чи|czy|jeśli|якщо|אם)$/;
/** Behind one of these "open" and "on" are no states ("open tickets", "on Friday", "opened on"). */
const isState =
  /(?<!\p{L})(?:is|are|was|were|'s|be|been|now|still|already|remains?|stays?|left|shows?|jest|są|był[aoy]?|pozostaje|nadal|wciąż|już|teraz|досі|вже|зараз|ще|наразі|все|עדיין|כרגע|עכשיו|כבר)(?!\p{L})/iu;

const toolState = ({ tool, args }: Action): "active" | "inactive" | undefined => {
  const isLock = JSON.stringify(args).includes('"lock"');
  if (toolDoes(tool, "off") || toolDoes(tool, "close")) return isLock || /unlock/i.test(tool) ? "active" : "inactive";
  if (/unlock/i.test(tool)) return "active";
  if (/lock/i.test(tool)) return "inactive";
  if (toolDoes(tool, "on") || toolDoes(tool, "open")) return isLock ? "inactive" : "active";
  return /light.?set/i.test(tool) ? "active" : undefined;
};

/**
 * Why a sentence tells a state that nothing known supports: of a device ("the door is locked"), or another word of a closed class
 * (weather, status, colour) where the evidence has words of that class and none fits. Undefined when all is known.
 */
export const unknownState = (sentence: string, ground: Ground): string | undefined => {
  if (/\?["”»')\s]*$/.test(sentence)) return undefined;
  const { tokens, atoms } = ground.read(sentence);
  for (const atom of atoms) {
    if (atom.kind !== "concept" || atom.id === "scheduled" || atom.id === "live") continue;
    const before = tokens.slice(Math.max(0, atom.from - 4), atom.from);
    if (before.some(({ lower }) => negated.test(lower))) continue;
    // "half an inch of rain": the figure is the claim.
    if (
      atom.group === "sky" &&
      atoms.some(
        ({ kind, from, to }) => kind === "number" && Math.min(Math.abs(atom.from - to), Math.abs(from - atom.to)) <= 2,
      )
    )
      continue;
    const isFine = deviceGroups.has(atom.group) ? deviceFits(tokens, atom, ground) : wordFits(atom, ground);
    if (!isFine) return `"${atom.written}" is not in the evidence.`;
  }
  return undefined;
};

const supports = new WeakMap<Ground, Support>();
const supportOf = (ground: Ground): Support => {
  const known = supports.get(ground) ?? createSupport(ground.facts.facts.filter(({ atom }) => atom.kind === "concept"));
  supports.set(ground, known);
  return known;
};

const wordFits = (claim: Extract<Atom, { kind: "concept" }>, ground: Ground): boolean => {
  const { facts } = ground;
  const rivals = facts.facts.filter(
    ({ atom, from }) => atom.kind === "concept" && atom.group === claim.group && from !== "said",
  );
  if (rivals.length === 0 || claim.labels.concepts.get("measure")?.has("rain")) return true;
  // A storm brings rain.
  const same = rivals.filter(
    ({ atom }) => atom.kind === "concept" && (atom.id === claim.id || (claim.id === "rain" && atom.id === "thunder")),
  );
  const labels = { ...claim.labels, concepts: new Map() };
  return supportOf(ground).accepts(labels, same);
};

type State = Extract<Atom, { kind: "concept" }>;

const overlap = (left: ReadonlySet<string>, right: ReadonlySet<string>): number =>
  [...left].filter((name) => right.has(name)).length;

const deviceFits = (tokens: readonly Token[], claim: State, ground: Ground): boolean => {
  const clause = clauseAround(tokens, claim);
  const { names } = claim.labels;
  const states = ground.facts.facts.flatMap(({ atom, from, labels }) =>
    atom.kind === "concept" && from !== "said" && (deviceGroups.has(atom.group) || atom.group === "run")
      ? [{ isActive: active.has(atom.id), names: labels.names, overlap: overlap(names, labels.names) }]
      : [],
  );
  const isDevice = [...names].some((name) => name.startsWith("h:device")) || states.some((state) => state.overlap > 0);
  if (!isDevice || noClaim.test(clause)) return true;
  // English "on" and "open" are states only behind a verb of being.
  if (/^(?:on|off|open)$/i.test(claim.written) && !isState.test(clause)) return true;
  const isActive = active.has(claim.id);
  const most = Math.max(0, ...states.map((state) => state.overlap));
  const nearest = states.filter((state) => state.overlap === most && most > 0 && areasMeet(names, state.names));
  if (nearest.some((state) => state.isActive === isActive)) return true;
  return ground.actions.some((action) => {
    const state = action.outcome === "ok" ? toolState(action) : undefined;
    if (state === undefined || (state === "active") !== isActive) return false;
    const target = new Set(
      [...homeWordsOf(`${JSON.stringify([action.args, action.result])} ${action.tool}`)].map((word) => `h:${word}`),
    );
    const devices = [...names].filter((name) => name.startsWith("h:device"));
    const known = [...target].filter((name) => name.startsWith("h:device"));
    return (
      areasMeet(names, target) &&
      (devices.length === 0 || known.length === 0 || devices.some((name) => target.has(name)))
    );
  });
};

const areasMeet = (left: ReadonlySet<string>, right: ReadonlySet<string>): boolean =>
  homeKinds.every((kind) => {
    if (kind === "device") return true;
    const [one = [], other = []] = [left, right].map((names) =>
      [...names].filter((name) => name.startsWith(`h:${kind}`)),
    );
    return one.length === 0 || other.length === 0 || one.some((name) => right.has(name));
  });

const clauseAround = (tokens: readonly Token[], { from, to }: { from: number; to: number }): string => {
  const ends = /^[,;:.!?\n–—]$/;
  let start = from;
  while (start > 0 && from - start < 40 && !ends.test(tokens[start - 1]?.text ?? "")) start -= 1;
  let end = to;
  while (end < tokens.length && end - to < 40 && !ends.test(tokens[end]?.text ?? "")) end += 1;
  return tokens
    .slice(start, end)
    .map(({ text }) => text)
    .join(" ");
};
