import type { Action } from "./action.ts";
import { onlyReads } from "./action-nature.ts";
import type { Ground } from "./ground.ts";
import { requestsOf, stemsOfArgs, textOfAction } from "./requests.ts";
import { type ActionKind, toolDoes } from "./text/action-words.ts";
import { homeWordsOf } from "./text/home-words.ts";
import { isSameStem, stemsOf } from "./text/word-stems.ts";

/** What turning a thing on or off, or setting its position, does to a thing of this domain. */
const effectOf = (tool: string, domain: string, position: unknown): string | undefined => {
  if (/set_?position/i.test(tool))
    return position === 0 ? "close lower set position" : position === 100 ? "open raise set position" : undefined;
  const isOn = /turn_?on$/i.test(tool);
  if (!isOn && !/turn_?off$/i.test(tool)) return undefined;
  if (domain === "lock") return isOn ? "lock close" : "unlock open";
  if (domain === "cover") return isOn ? "open raise" : "close lower";
  // Of other things these words open and lock nothing.
  return domain === "" || domain === "valve" ? undefined : isOn ? "on turn start" : "off turn stop";
};

/** The words that say what a call does: its tool's name, or what the tool does to such a thing. */
export const wordsOfTool = ({ tool, args }: Action): string => {
  const domain = Array.isArray(args.domain) ? args.domain[0] : args.domain;
  const effect = effectOf(tool, String(domain ?? ""), args.position);
  if (effect !== undefined) return effect;
  return [tool, args.action, args.service].filter((part) => typeof part === "string").join(" ");
};

/** Kinds that answers tell in many ways ("set", "put", "saved"): what was done to the thing itself says which. */
const soft: ReadonlySet<ActionKind> = new Set(["set", "start", "create", "add", "remember", "update", "book", "play"]);
/** Kinds for which a tool of that very name, where there is one, is the only doer. */
const strict: ReadonlySet<ActionKind> = new Set([
  "close",
  "open",
  "lock",
  "unlock",
  "off",
  "delete",
  "send",
  "restart",
  "stop",
]);

const overlaps = (left: Iterable<string>, right: ReadonlySet<string>): boolean => {
  for (const stem of left) for (const other of right) if (isSameStem(stem, other)) return true;
  return false;
};

interface Told {
  readonly stems: ReadonlySet<string>;
  readonly home: ReadonlySet<string>;
}
const remembered = new WeakMap<Ground, Map<Action, Told>>();

/** The words that a call is told by: what it was given, its tool's name, what the user asked it for; and its devices in any language. */
const toldOf = (action: Action, ground: Ground): Told => {
  const ofGround = remembered.get(ground) ?? new Map<Action, Told>();
  remembered.set(ground, ofGround);
  const known = ofGround.get(action);
  if (known) return known;
  const asked = requestsOf(ground).flatMap((request) => (request.action === action ? [...request.stems] : []));
  const told: Told = {
    stems: new Set([...stemsOfArgs(action), ...stemsOf(action.tool).keys(), ...asked]),
    home: homeWordsOf(`${action.tool} ${textOfAction(action)}`),
  };
  ofGround.set(action, told);
  return told;
};

/** Whether a text speaks of a call, by any of its words or by a device in another language. */
export const speaksOf = (text: string, action: Action, ground: Ground): boolean => {
  const { stems, home } = toldOf(action, ground);
  return overlaps(stemsOf(text).keys(), stems) || [...homeWordsOf(text)].some((word) => home.has(word));
};

/** The calls that can have done what a clause claims. */
export const doersOf = (kinds: readonly ActionKind[], clause: string, ground: Ground): readonly Action[] => {
  const isNamed = kinds.every((kind) => kind !== "done" && kind !== "any");
  const actions = isNamed ? ground.actions.filter((action) => !onlyReads(action)) : ground.actions;
  const able = actions.filter((action) => kinds.some((kind) => toolDoes(wordsOfTool(action), kind)));
  const only = kinds.filter((kind) => strict.has(kind));
  const named = able.filter((action) =>
    only.some(
      (kind) =>
        wordsOfTool(action)
          .toLowerCase()
          .split(/[^a-z]+/)
          .includes(kind) || JSON.stringify(action.args).includes(`"${kind}`),
    ),
  );
  if (named.length > 0) return named;
  if (able.length > 0 || !kinds.every((kind) => soft.has(kind))) return able;
  return actions.filter((action) => action.outcome === "ok" && speaksOf(clause, action, ground));
};
