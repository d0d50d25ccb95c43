import type { HomeEntity } from "../home.ts";
import { entityMentions, isFiller, isQuestion, nounSpans, type Sentence } from "../read-sentence.ts";
import { has, hasGroup } from "../span.ts";
import { type HomeRule, unclear, writes } from "./rule.ts";

const isList = ({ domain }: HomeEntity): boolean => domain === "todo";

/** The list that is meant, and the spans that speak of it. */
const listIn = (
  sentence: Sentence,
): { readonly from: number; readonly to: number; readonly name?: string } | undefined => {
  const nouns = nounSpans(sentence, "shoppingList", "list");
  const named = entityMentions(sentence, isList)[0];
  if (named) {
    const places = [named.at, ...nouns.filter((at) => Math.abs(at - named.at) <= 2)];
    return { from: Math.min(...places), to: Math.max(...places) + 1, name: named.spelling };
  }
  const at = nouns.at(-1);
  if (at === undefined) return undefined;
  // A home may call its to-do list by the very word of the phrase: "shopping" in "shopping list".
  const words = sentence.textOf(at, at + 1).toLowerCase();
  const own = sentence.home?.entities.find(
    (entity) => isList(entity) && entity.names.some((name) => words.includes(name.toLowerCase())),
  );
  return { from: at, to: at + 1, ...(own ? { name: own.names[0]! } : {}) };
};

/** What is left of the sentence for the item, small words at its ends taken off. */
const itemBeside = (sentence: Sentence, from: number, to: number): string => {
  const { spans, actionAt } = sentence;
  const isVerb = (at: number) => at === actionAt || has(spans[at], "particle:off") || has(spans[at], "action:complete");
  const trim = (start: number, end: number): string => {
    let first = start;
    let last = end;
    while (first < last && (isVerb(first) || (isFiller(spans[first]!) && !hasGroup(spans[first], "noun")))) first += 1;
    while (last > first && (isVerb(last - 1) || (isFiller(spans[last - 1]!) && !hasGroup(spans[last - 1], "noun"))))
      last -= 1;
    return sentence.textOf(first, last);
  };
  return trim(0, from) || trim(to, spans.length);
};

/** Shopping and to-do lists: put something on, tick something off. */
export const listRule: HomeRule = (sentence) => {
  const { actions } = sentence;
  const adds = actions.has("add");
  const completes = actions.has("complete") || actions.has("remove") || actions.has("cancel");
  if ((!adds && !completes) || isQuestion(sentence)) return undefined;
  const list = listIn(sentence);
  if (!list) return undefined;
  const item = itemBeside(sentence, list.from, list.to);
  if (item === "") return unclear("value");
  // "Put" both adds and takes; with a list it adds.
  const action = adds ? "AddItem" : "CompleteItem";
  return list.name === undefined
    ? writes(sentence, `HassShoppingList${action}`, { item })
    : writes(sentence, `HassList${action}`, { item, name: list.name });
};
