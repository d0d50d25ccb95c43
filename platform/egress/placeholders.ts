import type { Span } from "./recognisers/span.ts";

/** Longest thing that is held back in a stream because it may become a placeholder: `⟨`, kind, number, `⟩`. */
const longestPlaceholder = 48;
const open = "⟨";
const whole = /⟨[A-Z][A-Z_]{0,30}_\d{1,9}⟩/g;
const beginning = /^⟨(?:[A-Z][A-Z_]{0,31}\d{0,9})?$/;

/**
 * The mapping between originals and typed placeholders (`⟨EMAIL_1⟩`) of one query: the same value always gets the same
 * placeholder. Text that already looks like a placeholder but is none of ours keeps its meaning: its name is never given
 * out, or, when it was given out before, the text itself is replaced.
 */
export const createPlaceholders = () => {
  const byValue = new Map<string, string>();
  const originals = new Map<string, string>();
  const taken = new Set<string>();
  const counters = new Map<string, number>();

  const placeholderFor = (kind: string, value: string): string => {
    const key = `${kind}\n${value}`;
    const known = byValue.get(key);
    if (known) return known;
    let name: string;
    do {
      const next = (counters.get(kind) ?? 0) + 1;
      counters.set(kind, next);
      name = `⟨${kind}_${next}⟩`;
    } while (taken.has(name));
    taken.add(name);
    byValue.set(key, name);
    originals.set(name, value);
    return name;
  };

  /** Replaces the spans, which must be in order and apart from each other. */
  const conceal = (text: string, found: readonly Span[]): string => {
    const literals: Span[] = [];
    for (const { 0: literal, index } of text.matchAll(whole)) {
      // A name that is ours already stands for somebody: what only looks like it gets one of its own.
      if (originals.has(literal)) literals.push({ start: index, end: index + literal.length, kind: "LITERAL" });
      else taken.add(literal);
    }
    const apart = (one: Span) => found.every(({ start, end }) => one.end <= start || one.start >= end);
    const spans =
      literals.length === 0 ? found : [...found, ...literals.filter(apart)].sort((a, b) => a.start - b.start);
    const parts: string[] = [];
    let at = 0;
    for (const { start, end, kind } of spans) {
      parts.push(text.slice(at, start), placeholderFor(kind, text.slice(start, end)));
      at = end;
    }
    parts.push(text.slice(at));
    return parts.join("");
  };

  const restore = (text: string): string =>
    text.includes(open) ? text.replace(whole, (name) => originals.get(name) ?? name) : text;

  /** Restores a stream: what could still become a placeholder waits for the next piece. */
  const restorer = () => {
    let waiting = "";
    return {
      push: (piece: string): string => {
        const text = waiting + piece;
        const last = text.lastIndexOf(open);
        const mayContinue = last >= 0 && text.length - last < longestPlaceholder && beginning.test(text.slice(last));
        waiting = mayContinue ? text.slice(last) : "";
        return restore(mayContinue ? text.slice(0, last) : text);
      },
      end: (): string => {
        const rest = waiting;
        waiting = "";
        return restore(rest);
      },
    };
  };

  return { conceal, restore, restorer };
};
