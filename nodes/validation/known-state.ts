import type { Action } from "./action.ts";
import { speaksOf } from "./doers.ts";
import type { Atom } from "./facts/bind.ts";
import { createSupport, type Support } from "./facts/conflict.ts";
import type { Ground } from "./ground.ts";
import { noClaim, toolDoes } from "./text/action-words.ts";
import { negations, offersOnly } from "./text/denial-words.ts";
import { homeKinds, homeWordsOf } from "./text/home-words.ts";
import type { Token } from "./text/tokens.ts";
import { allowsSky, followsFromFigures } from "./word-support.ts";

/** Groups of two states: what is not the one is the other. */
const deviceGroups = new Set(["access", "lock", "power", "run", "charge"]);
/** States that are only contradicted, never needed: services and people run and work as well. */
const lenientGroups = new Set(["run", "charge"]);
const active = new Set(["on", "open", "unlocked", "running", "charging", "progress"]);
const unsaid =
  /^(?:no|without|never|nor|bez|без|ні|ללא|בלי|אין|free|if|when|or|until|once|чи|czy|jeśli|якщо|אם|brak|немає|нема|zero)$/;
/** Behind one of these "open" and "on" are no states ("open tickets", "on Friday", "opened on"). */
const isState =
  /(?<!\p{L})(?:is|are|was|were|'s|be|been|now|still|already|remains?|stays?|left|shows?|jest|są|był[aoy]?|pozostaje|nadal|wciąż|już|teraz|досі|вже|зараз|ще|наразі|все|עדיין|כרגע|עכשיו|כבר)(?!\p{L})/iu;

const toolState = ({ tool, args }: Action): "active" | "inactive" | undefined => {
  const isLock = JSON.stringify(args).includes('"lock"');
  if (toolDoes(tool, "off") || toolDoes(tool, "close")) return isLock || /unlock/i.test(tool) ? "active" : "inactive";
  if (/unlock/i.test(tool)) return "active";
  if (/lock/i.test(tool)) return "inactive";
  if (toolDoes(tool, "on") || toolDoes(tool, "open")) return isLock ? "inactive" : "active";
  if (/pause/i.test(tool)) return "inactive";
  return /light.?set|play/i.test(tool) ? "active" : undefined;
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
    const near = tokens.slice(Math.max(0, atom.from - 4), atom.from);
    // What is denied of one thing is not of the next: "the lamp does not burn, the iron is off".
    const before = near.slice(near.findLastIndex(({ kind, text }) => kind === "mark" && /[,;:.!–—]/.test(text)) + 1);
    if (before.some(({ lower }) => unsaid.test(lower))) continue;
    const isDenied = before.some(({ lower }) => negations.test(lower));
    if (isDenied && !deviceGroups.has(atom.group)) continue;
    // "half an inch of rain": the figure is the claim.
    if (
      atom.group === "sky" &&
      atoms.some(
        ({ kind, from, to }) => kind === "number" && Math.min(Math.abs(atom.from - to), Math.abs(from - atom.to)) <= 2,
      )
    )
      continue;
    const isFine = deviceGroups.has(atom.group) ? deviceFits(tokens, atom, ground, isDenied) : wordFits(atom, ground);
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
  if (followsFromFigures(claim.id, ground)) return true;
  const same = rivals.filter(
    ({ atom }) =>
      atom.kind === "concept" && (atom.id === claim.id || (claim.group === "sky" && allowsSky(atom.id, claim.id))),
  );
  const labels = { ...claim.labels, concepts: new Map() };
  return supportOf(ground).accepts(labels, same);
};

type State = Extract<Atom, { kind: "concept" }>;

const overlap = (left: ReadonlySet<string>, right: ReadonlySet<string>): number =>
  [...left].filter((name) => right.has(name)).length;

const deviceFits = (tokens: readonly Token[], claim: State, ground: Ground, isDenied: boolean): boolean => {
  const clause = clauseAround(tokens, claim);
  const { names } = claim.labels;
  // Without a state that says otherwise these tell too little to be refused.
  const isLenient = isDenied || lenientGroups.has(claim.group);
  const stateOf = (id: string, own: ReadonlySet<string>, path: string) => {
    // Fields name things as well: "windows: closed" of a car.
    const known = new Set([...own, ...[...homeWordsOf(path)].map((word) => `h:${word}`)]);
    return { isActive: active.has(id), names: known, overlap: overlap(names, known) };
  };
  const states = ground.facts.facts.flatMap(({ atom, from, labels, path }) =>
    atom.kind === "concept" &&
    from !== "said" &&
    (deviceGroups.has(atom.group) || (atom.group === "status" && statusStates.has(atom.id))) &&
    (!isLenient || comparable(claim.group, atom.group)) &&
    (labels.days.size === 0 || overlap(labels.days, claim.labels.days) > 0) &&
    !hours.test(path)
      ? [stateOf(atom.id, labels.names, path)]
      : [],
  );
  const isDevice =
    [...names].some((name) => name.startsWith("h:device")) ||
    states.some((state) => state.overlap > 0) ||
    ground.actions.some(
      (action) => action.outcome === "ok" && toolState(action) !== undefined && speaksOf(clause, action, ground),
    );
  if (!isDevice || offersOnly(clause) || (!isDenied && noClaim.test(clause))) return true;
  // English "on" and "open" are states only behind a verb of being.
  if (/^(?:on|off|open)$/i.test(claim.written) && !isState.test(clause)) return true;
  // "the heater on the porch"
  if (/^on$/i.test(claim.written) && determiner.test(tokens[claim.to]?.lower ?? "")) return true;
  const isActive = active.has(claim.id) !== isDenied;
  const most = Math.max(0, ...states.map((state) => state.overlap));
  const nearest = states.filter((state) => state.overlap === most && most > 0 && areasMeet(names, state.names));
  if (nearest.some((state) => state.isActive === isActive)) return true;
  const told = actionStates(names, ground);
  if (isLenient && told.length === 0) return nearest.length === 0;
  // Only doors are locked: of other things the word says that they are blocked.
  if (claim.group === "lock" && nearest.length === 0 && ![...names].some((name) => lockable.test(name))) return true;
  return told.some((state) => state === isActive);
};

/** What the calls that succeeded have left things of these names in: active or not, one for each call. */
const actionStates = (names: ReadonlySet<string>, { actions }: Ground): boolean[] =>
  actions.flatMap((action) => {
    const state = action.outcome === "ok" ? toolState(action) : undefined;
    if (state === undefined) return [];
    const target = new Set(
      [...homeWordsOf(`${JSON.stringify([action.args, action.result])} ${action.tool}`)].map((word) => `h:${word}`),
    );
    const devices = [...names].filter((name) => name.startsWith("h:device"));
    const known = [...target].filter((name) => name.startsWith("h:device"));
    const isTarget =
      areasMeet(names, target) &&
      (devices.length === 0 || known.length === 0 || devices.some((name) => target.has(name)));
    return isTarget ? [state === "active"] : [];
  });

/** Fields of what is open when: closed on Sundays is not closed. */
const hours = /hours|opening|schedule|godzin|годин|розклад|שעות/i;
const determiner = /^(?:the|a|an|my|your|our|this|that|its|his|her|their)$/;
const lockable = /^h:(?:device:(?:door|gate|wicket|window)|area:garage)$/;
/** States of tickets that say whether they are open. */
const statusStates = new Set(["progress", "resolved"]);
/** What runs is on, and what is open is in progress. */
const comparable = (claim: string, known: string): boolean =>
  claim === known || (claim === "run" && known === "power") || (claim === "power" && known === "run");

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
