import { figureAt } from "../text/read-figures.ts";
import { type Token, tokensOf } from "../text/tokens.ts";

/** Things that a number names rather than counts ("court 2", "the third quarter"): beginnings of their words; a blank ends a whole word. */
const heads: readonly (readonly [string, readonly string[]])[] = [
  ["quarter", "quarter ,kwarta ,kwarcie ,kwarty ,kwartę ,чверть ,чверті ,רבע ,ברבע ,הרבע ".split(",")],
  ["set", "set ,secie ,seta ,сет ,сеті ,сету ,מערכה ,במערכה ".split(",")],
  ["court", "court ,kort ,korcie ,kortu ,корт ,корті ,корту ,מגרש ,במגרש ".split(",")],
  ["terminal", "terminal ,terminalu ,термінал ,терміналі ,терміналу ,טרמינל ,בטרמינל ,מטרמינל ".split(",")],
  ["gate", "gate ,bramka ,bramki ,bramce ,гейт ,гейту ,שער ,בשער ".split(",")],
  ["platform", "platform ,peron ,peronu ,peronie ,платформа ,платформи ,платформі ,רציף ,ברציף ,מרציף ".split(",")],
  ["floor", "floor ,piętro ,piętrze ,piętra ,поверх ,поверсі ,поверху ,קומה ,בקומה ".split(",")],
  ["season", "season ,sezon ,sezonu ,sezonie ,сезон ,сезону ,сезоні ,עונה ,בעונה ,העונה ".split(",")],
  ["episode", "episode ,odcinek ,odcinku ,odcinka ,серія ,серії ,серію ,епізод ,епізоді ,פרק ,בפרק ,הפרק ".split(",")],
  ["room", "room ,sala ,sali ,pokój ,pokoju ,кімната ,кімнаті ,зал ,залі ,חדר ,בחדר ".split(",")],
  ["page", "page ,strona ,stronie ,сторінка ,сторінці ,עמוד ,בעמוד ".split(",")],
  ["section", "section ,sekcja ,rozdział ,rozdziale ,розділ ,розділі ,סעיף ,בסעיף ".split(",")],
];
const headOf = new Map(heads.flatMap(([id, words]) => words.map((word) => [word.trim(), id] as const)));
const fields = new Map<string, string>(heads.map(([id]) => [id, id]));

interface Labelled {
  readonly head: string;
  readonly value: number;
  readonly written: string;
}

const integerAt = (
  tokens: readonly Token[],
  at: number,
): { value: number; ordinal: boolean; to: number } | undefined => {
  const figure = figureAt(tokens, at);
  const [value] = figure?.values ?? [];
  return figure && value !== undefined && figure.values.length === 1 && Number.isInteger(value) && value < 1_000
    ? { value, ordinal: figure.ordinal, to: figure.to }
    : undefined;
};

/** The numbers of a text that name a thing, with what they name. */
const labelledIn = (tokens: readonly Token[]): Labelled[] => {
  const found: Labelled[] = [];
  for (let at = 0; at < tokens.length && found.length < 200; at += 1) {
    const token = tokens[at] as Token;
    // "Q3", where quarters of matches are told.
    const quarter =
      /^q$/i.test(token.text) && tokens[at + 1]?.start === token.end ? integerAt(tokens, at + 1) : undefined;
    if (quarter) found.push({ head: "quarter", value: quarter.value, written: `Q${quarter.value}` });
    const head = token.kind === "word" ? headOf.get(token.lower) : undefined;
    if (head === undefined) continue;
    const isMarked = /^(?:№|#|no|nr|number|numer|номер|מספר|-)$/.test(tokens[at + 1]?.lower ?? "");
    const isDotted = isMarked && tokens[at + 2]?.text === ".";
    const behind = integerAt(tokens, at + (isDotted ? 3 : isMarked ? 2 : 1));
    // "room 3.12" and "gate 7B" are codes.
    const next = behind ? tokens[behind.to] : undefined;
    const isCode = next !== undefined && next.start === tokens[(behind?.to ?? 1) - 1]?.end && next.kind === "word";
    // An ordinal behind a noun belongs to what follows it, but in Hebrew.
    const isOwn = behind !== undefined && (!behind.ordinal || /^[א-ת]/.test(token.text));
    if (behind && isOwn && !isCode) found.push({ head, value: behind.value, written: `${token.text} ${behind.value}` });
    for (const back of [1, 2]) {
      const before = integerAt(tokens, at - back);
      if (before?.ordinal && before.to === at)
        found.push({ head, value: before.value, written: `${before.value}. ${token.text}` });
    }
  }
  return found;
};

/** What numbers name in what is known: in texts, and in fields called so. */
export const collectLabelled = (
  texts: readonly (readonly Token[])[],
  data: readonly unknown[],
): ReadonlyMap<string, ReadonlySet<number>> => {
  const known = new Map<string, Set<number>>();
  const put = (head: string, value: number) => known.set(head, (known.get(head) ?? new Set()).add(value));
  for (const tokens of texts) for (const { head, value } of labelledIn(tokens)) put(head, value);
  const walk = (value: unknown, depth: number): void => {
    if (depth > 8 || value === null || typeof value !== "object") return;
    for (const [key, inner] of Object.entries(value)) {
      const head = fields.get(key.toLowerCase());
      if (head && (typeof inner === "number" || (typeof inner === "string" && /^\d{1,3}$/.test(inner))))
        put(head, Number(inner));
      // "episode: {season, number}"
      if (key === "number" && typeof inner === "number" && "season" in value) put("episode", inner);
      walk(inner, depth + 1);
    }
  };
  for (const each of data) walk(each, 0);
  return known;
};

/** A number that names another thing than any known one of its kind ("court 2" where only court 1 is known); undefined for none. */
export const wrongLabel = (text: string, known: ReadonlyMap<string, ReadonlySet<number>>): string | undefined =>
  known.size === 0
    ? undefined
    : labelledIn(tokensOf(text.slice(0, 20_000))).find(({ head, value }) => known.get(head)?.has(value) === false)
        ?.written;
