import { callsFor } from "../text/derivation-words.ts";
import type { Token } from "../text/tokens.ts";
import { firstOf, isProse, isTold, type NumberAtom, type NumberFact, wordsOfPath } from "./terms.ts";

const wholeWord = /^(?:total|capacity|limit|quota|budget|overall)$/;
const mostParts = 12;

/** Judges percentages by the figures that they are shares of: "430 of 1000", 48 of 64 GiB, 2 of 5 tickets. */
export const createShares = (
  numbers: readonly NumberFact[],
): ((claim: NumberAtom, tokens: readonly Token[]) => boolean) => {
  const amounts = numbers.filter(
    ({ item, atom }) => item >= 0 && !/^(?:ratio|temperature)$/.test(atom.unit?.dimension ?? ""),
  );
  const wholes = wholesOf(amounts);
  return (claim, tokens) => {
    // Parts of what the data call a whole need no word for it.
    if (wholes.some(([part, whole]) => isTold(claim, (part / whole) * 100))) return true;
    const isSaid = callsFor("share", tokens);
    return numbers.some((left, index) =>
      numbers.slice(Math.max(0, index - 3), index + 4).some((right) => {
        if (left.item !== right.item || left.item < 0 || left.from !== right.from) return false;
        if (left.atom.unit?.dimension === "ratio" || right.atom.unit?.dimension === "ratio") return false;
        if (firstOf(left) >= firstOf(right)) return false;
        const words = [...claim.labels.words].some(
          (word) => left.labels.words.has(word) || right.labels.words.has(word),
        );
        return (words || isSaid) && isTold(claim, (firstOf(left) / firstOf(right)) * 100);
      }),
    );
  };
};

/** Parts with their wholes: "memoryUsed" with "memoryTotal", and counts of one object that add up to another of its counts. */
const wholesOf = (amounts: readonly NumberFact[]): (readonly [number, number])[] => {
  const found: (readonly [number, number])[] = [];
  const objects = new Map<string, NumberFact[]>();
  for (const fact of amounts) {
    if (isProse(fact)) continue;
    const key = `${fact.item} ${fact.path.slice(0, fact.path.lastIndexOf("."))} ${[...fact.labels.names].slice(0, 3).join()}`;
    const known = objects.get(key) ?? [];
    objects.set(key, known);
    if (known.length < 40) known.push(fact);
  }
  for (const facts of objects.values()) {
    for (const whole of facts) {
      const own = wordsOfPath(whole.path);
      if (!own.some((word) => wholeWord.test(word))) continue;
      for (const part of facts)
        if (
          part.atom.unit?.id === whole.atom.unit?.id &&
          firstOf(part) > 0 &&
          firstOf(part) < firstOf(whole) &&
          (own.length === 1 || wordsOfPath(part.path).some((word) => !wholeWord.test(word) && own.includes(word)))
        )
          found.push([firstOf(part), firstOf(whole)]);
    }
    const counts = facts.filter(({ atom }) => atom.unit === undefined && Number.isInteger(atom.values[0]));
    if (counts.length < 3 || counts.length > mostParts || counts.length !== facts.length) continue;
    const sum = counts.reduce((total, fact) => total + firstOf(fact), 0);
    const whole = counts.find((fact) => firstOf(fact) * 2 === sum);
    for (const part of whole === undefined ? [] : counts)
      if (part !== whole && firstOf(part) > 0) found.push([firstOf(part), sum / 2]);
  }
  return found;
};
