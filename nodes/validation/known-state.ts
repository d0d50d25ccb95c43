import type { Action } from "./action.ts";
import type { Atom } from "./facts/bind.ts";
import { conflicts } from "./facts/conflict.ts";
import type { Ground } from "./ground.ts";
import { noClaim, toolDoes } from "./text/action-words.ts";
import { homeWordsOf } from "./text/home-words.ts";
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
    if (atom.kind !== "concept") continue;
    const before = tokens.slice(Math.max(0, atom.from - 4), atom.from);
    if (before.some(({ lower }) => negated.test(lower))) continue;
    const isFine = deviceGroups.has(atom.group) ? deviceFits(tokens, atom, ground) : wordFits(atom, ground);
    if (!isFine) return `"${atom.written}" is not in the evidence.`;
  }
  return undefined;
};

const wordFits = (claim: Extract<Atom, { kind: "concept" }>, { facts }: Ground): boolean => {
  const rivals = facts.facts.filter(
    ({ atom, from }) => atom.kind === "concept" && atom.group === claim.group && from !== "said",
  );
  if (rivals.length === 0 || claim.labels.concepts.get("measure")?.has("rain")) return true;
  const same = facts.facts.filter(
    ({ atom }) => atom.kind === "concept" && atom.group === claim.group && atom.id === claim.id,
  );
  const peers = new Set(rivals.flatMap(({ labels }) => [...labels.names]));
  const labels = { ...claim.labels, concepts: new Map() };
  return same.some((fact) => !conflicts(labels, fact.labels, fact.all, (name) => peers.has(name)));
};

const deviceFits = (tokens: readonly Token[], claim: Extract<Atom, { kind: "concept" }>, ground: Ground): boolean => {
  const clause = clauseAround(tokens, claim);
  const devices = homeWordsOf(clause);
  const hasDevice = [...devices].some((word) => word.startsWith("device"));
  const isActive = active.has(claim.id);
  const states = ground.facts.facts.filter(
    ({ atom }) => atom.kind === "concept" && (deviceGroups.has(atom.group) || atom.group === "run"),
  );
  const known = states.filter(({ from }) => from !== "said");
  const isNamed =
    claim.labels.names.size > 0 &&
    known.some(({ labels }) => [...claim.labels.names].some((name) => labels.names.has(name)));
  if ((!hasDevice && !isNamed) || noClaim.test(clause)) return true;
  // English "on" and "open" are states only behind a verb of being.
  if (/^(?:on|off|open)$/i.test(claim.written) && !isState.test(clause)) return true;
  if (/(?<!\p{L})(?:i've|i have|i|turned|switched)(?!\p{L})/iu.test(clause)) return true;
  const peers = new Set(known.flatMap(({ labels }) => [...labels.names]));
  const labels = { ...claim.labels, concepts: new Map() };
  const fits = states.some(
    (fact) =>
      fact.atom.kind === "concept" &&
      active.has(fact.atom.id) === isActive &&
      !conflicts(labels, fact.labels, fact.all, (name) => peers.has(name)),
  );
  if (fits) return true;
  const done = ground.actions.filter(({ outcome }) => outcome === "ok");
  return done.some((action) => {
    const state = toolState(action);
    if (state === undefined) return false;
    const target = homeWordsOf(`${JSON.stringify([action.args, action.result])} ${action.tool}`);
    const areas = [...devices].filter((word) => word.startsWith("area"));
    const known = [...target].filter((word) => word.startsWith("area"));
    const kinds = [...devices].filter((word) => word.startsWith("device"));
    const knownKinds = [...target].filter((word) => word.startsWith("device"));
    if (areas.length > 0 && known.length > 0 && !areas.some((word) => known.includes(word))) return false;
    if (kinds.length > 0 && knownKinds.length > 0 && !kinds.some((word) => knownKinds.includes(word))) return false;
    return (state === "active") === isActive;
  });
};

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
