import { perWord } from "../../../platform/language/per-word.ts";

/** Number words of en, pl, uk and he: what a word is worth and how it joins its neighbours. */
export interface NumberWord {
  readonly value: number;
  readonly kind: "unit" | "teen" | "ten" | "hundred" | "scale" | "fraction";
  /** "third", "trzeciej": a place in an order. */
  readonly ordinal: boolean;
}

const table = new Map<string, NumberWord>();
const kindOf = (value: number): NumberWord["kind"] =>
  value >= 1_000
    ? "scale"
    : value >= 100
      ? "hundred"
      : value >= 20
        ? "ten"
        : value >= 10
          ? "teen"
          : value > 0 && value < 1
            ? "fraction"
            : value % 1 === 0
              ? "unit"
              : "fraction";
const add = (rows: string, ordinal = false): void => {
  for (const row of rows.trim().split(/\s*;\s*/)) {
    const [value, ...forms] = row.trim().split(/\s+/);
    for (const form of forms)
      if (!table.has(form)) table.set(form, { value: Number(value), kind: kindOf(Number(value)), ordinal });
  }
};

add(`0 zero nil nought; 1 one; 2 two; 3 three; 4 four; 5 five; 6 six; 7 seven; 8 eight; 9 nine; 10 ten; 11 eleven; 12 twelve dozen;
13 thirteen; 14 fourteen; 15 fifteen; 16 sixteen; 17 seventeen; 18 eighteen; 19 nineteen; 20 twenty; 30 thirty; 40 forty; 50 fifty;
60 sixty; 70 seventy; 80 eighty; 90 ninety; 100 hundred hundreds; 1000 thousand thousands k; 1000000 million millions mln m; 1000000000 billion billions bn; 0.5 half; 0.25 quarter quarters`);
add(`1 jeden jedna jedno jednej jednego jednym jedną jednemu; 2 dwa dwie dwóch dwu dwoma dwiema dwoje; 3 trzy trzech trzem trzema troje; 4 cztery czterech czterem czterema;
5 pięć pięciu pięcioma; 6 sześć sześciu sześcioro; 7 siedem siedmiu; 8 osiem ośmiu; 9 dziewięć dziewięciu; 10 dziesięć dziesięciu; 11 jedenaście jedenastu;
12 dwanaście dwunastu tuzin; 13 trzynaście trzynastu; 14 czternaście czternastu; 15 piętnaście piętnastu; 16 szesnaście szesnastu; 17 siedemnaście siedemnastu;
18 osiemnaście osiemnastu; 19 dziewiętnaście dziewiętnastu; 20 dwadzieścia dwudziestu; 30 trzydzieści trzydziestu; 40 czterdzieści czterdziestu;
50 pięćdziesiąt pięćdziesięciu; 60 sześćdziesiąt sześćdziesięciu; 70 siedemdziesiąt siedemdziesięciu; 80 osiemdziesiąt osiemdziesięciu;
90 dziewięćdziesiąt dziewięćdziesięciu; 100 sto stu; 200 dwieście dwustu; 300 trzysta trzystu; 400 czterysta czterystu; 500 pięćset pięciuset; 600 sześćset;
700 siedemset; 800 osiemset; 900 dziewięćset; 1000 tysiąc tysiące tysięcy tysiąca tys; 1000000 milion miliony milionów miliona; 1000000000 miliard miliardy miliardów mld;
0.5 pół połowa połowę połowy połowie; 1.5 półtora półtorej;0.25 ćwierć`);
add(`0 нуль; 1 один одна одне одну одного однієї одної одним однією; 2 два дві двох двома двом двоє; 3 три трьох трьома трьом троє; 4 чотири чотирьох чотирма чотирьом четверо; 5 п'ять п'яти п'ятьох; 6 шість шести шістьох; 7 сім семи сімох;
8 вісім восьми; 9 дев'ять дев'яти; 10 десять десяти; 11 одинадцять одинадцяти; 12 дванадцять дванадцяти; 13 тринадцять тринадцяти; 14 чотирнадцять чотирнадцяти;
15 п'ятнадцять п'ятнадцяти; 16 шістнадцять шістнадцяти; 17 сімнадцять сімнадцяти; 18 вісімнадцять вісімнадцяти; 19 дев'ятнадцять дев'ятнадцяти;
20 двадцять двадцяти; 30 тридцять тридцяти; 40 сорок сорока; 50 п'ятдесят п'ятдесяти; 60 шістдесят шістдесяти; 70 сімдесят сімдесяти; 80 вісімдесят вісімдесяти;
90 дев'яносто; 100 сто ста; 200 двісті двохсот; 300 триста трьохсот; 400 чотириста; 500 п'ятсот; 600 шістсот; 700 сімсот; 800 вісімсот; 900 дев'ятсот;
1000 тисяча тисячі тисяч тисячу тис; 1000000 мільйон мільйони мільйонів мільйона млн; 1000000000 мільярд мільярди мільярдів млрд; 0.5 половина половину половини пів; 1.5 півтора півтори; 0.25 чверть чверті чвертей`);
add(`0 אפס; 1 אחד אחת; 2 שניים שתיים שנים שתים שני שתי; 3 שלוש שלש שלושה שלושת; 4 ארבע ארבעה ארבעת; 5 חמש חמישה חמשת; 6 שש שישה ששת; 7 שבע שבעה שבעת; 8 שמונה שמונת; 9 תשע תשעה תשעת;
10 עשר עשרה עשרת; 20 עשרים; 30 שלושים; 40 ארבעים; 50 חמישים; 60 שישים; 70 שבעים; 80 שמונים; 90 תשעים; 100 מאה מאות; 200 מאתיים; 1000 אלף אלפים אלפי; 2000 אלפיים;
1000000 מיליון מיליוני; 1000000000 מיליארד; 0.5 חצי מחצית; 0.25 רבע`);
add(
  `1 first; 2 second; 3 third; 4 fourth; 5 fifth; 6 sixth; 7 seventh; 8 eighth; 9 ninth; 10 tenth; 11 eleventh; 12 twelfth; 13 thirteenth; 14 fourteenth; 15 fifteenth; 16 sixteenth;
17 seventeenth; 18 eighteenth; 19 nineteenth; 20 twentieth; 30 thirtieth`,
  true,
);

const polishOrdinals =
  "1 pierwsz; 2 drug; 3 trzeci; 4 czwart; 5 piąt; 6 szóst; 7 siódm; 8 ósm; 9 dziewiąt; 10 dziesiąt; 11 jedenast; 12 dwunast; 13 trzynast; 14 czternast; 15 piętnast; 16 szesnast; 17 siedemnast; 18 osiemnast; 19 dziewiętnast; 20 dwudziest; 30 trzydziest";
const ukrainianOrdinals =
  "1 перш; 2 друг; 3 трет; 4 четверт; 5 п'ят; 6 шост; 7 сьом; 8 восьм; 9 дев'ят; 10 десят; 11 одинадцят; 12 дванадцят; 13 тринадцят; 14 чотирнадцят; 15 п'ятнадцят; 16 шістнадцят; 17 сімнадцят; 18 вісімнадцят; 19 дев'ятнадцят; 20 двадцят; 30 тридцят";
const inflect = (rows: string, endings: string): string =>
  rows
    .split(/\s*;\s*/)
    .map((row) => {
      const [value, stem] = row.split(" ");
      return `${value} ${endings
        .split(" ")
        .map((ending) => stem + ending)
        .join(" ")}`;
    })
    .join(";");
add(inflect(polishOrdinals, "y a e ego ej emu ą ym i iego iej im").replaceAll("trzecii", "trzeci"), true);
add("3 trzecia trzecie trzeciego trzeciej trzecią trzecim", true);
add(inflect(ukrainianOrdinals, "ий а е у ого ої ій ому ім ю ьої ього ьому"), true);
add(
  "1 ראשון ראשונה; 2 שנייה שניה; 3 שלישי שלישית; 4 רביעי רביעית; 5 חמישי חמישית; 6 שישי שישית; 7 שביעי שביעית; 8 שמיני שמינית; 9 תשיעי תשיעית; 10 עשירי עשירית",
  true,
);

/** What a lower-case word is worth; Hebrew words also behind their one-letter prefixes. Undefined when it is no number. */
export const numberWord = perWord((word: string): NumberWord | undefined => {
  const plain = table.get(word);
  if (plain !== undefined || !/^[בלמכהושו][א-ת]{2}/.test(word)) return plain;
  return table.get(word.slice(1)) ?? (/^[וש][בלמכה]/.test(word) ? table.get(word.slice(2)) : undefined);
});
