const letters: Readonly<Record<string, string>> = {
  а: "",
  е: "",
  є: "",
  и: "",
  і: "",
  ї: "",
  о: "",
  у: "",
  ю: "",
  я: "",
  ы: "",
  э: "",
  ё: "",
  ь: "",
  ъ: "",
  й: "",
  б: "b",
  в: "v",
  г: "h",
  ґ: "g",
  д: "d",
  ж: "z",
  з: "z",
  к: "k",
  л: "l",
  м: "m",
  н: "n",
  п: "p",
  р: "r",
  с: "s",
  т: "t",
  ф: "f",
  х: "h",
  ц: "c",
  ч: "c",
  ш: "s",
  щ: "s",
  א: "",
  ב: "v",
  ג: "g",
  ד: "d",
  ה: "h",
  ו: "",
  ז: "z",
  ח: "h",
  ט: "t",
  י: "",
  כ: "k",
  ך: "k",
  ל: "l",
  מ: "m",
  ם: "m",
  נ: "n",
  ן: "n",
  ס: "s",
  ע: "",
  פ: "f",
  ף: "f",
  צ: "c",
  ץ: "c",
  ק: "k",
  ר: "r",
  ש: "s",
  ת: "t",
  c: "k",
  q: "k",
  w: "v",
  j: "",
  y: "",
  ł: "l",
  đ: "d",
  ø: "",
  ß: "s",
  æ: "",
  œ: "",
};
const remembered = new Map<string, string>();

/**
 * What stays of a name in every script and spelling: its consonants, alike ones made one, so that London, Londyn, Лондон and
 * לונדון are the same. Never longer than the name.
 */
export const skeletonOf = (word: string): string => {
  const known = remembered.get(word);
  if (known !== undefined) return known;
  const plain = word
    .slice(0, 60)
    .toLowerCase()
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .replace(/['’ʼ"״׳]s?$/u, "")
    .replace(/ph/g, "f")
    .replace(
      /sch|sh|sz|ts|tz|cz|ch|rz|zh|kh|th|ck|x/g,
      (pair) =>
        ({ ch: "c", kh: "h", th: "t", ck: "k", rz: "z", zh: "z", ts: "c", tz: "c", cz: "c", x: "ks" })[pair] ?? "s",
    );
  let skeleton = "";
  for (const letter of plain) {
    const sound =
      letters[letter] ??
      (/[a-z]/.test(letter) ? (/[aeiou]/.test(letter) ? "" : letter) : /\p{N}/u.test(letter) ? letter : "");
    const alike =
      sound === "b" || sound === "p"
        ? "p"
        : sound === "f" || sound === "v"
          ? "v"
          : sound === "g" || sound === "h"
            ? "k"
            : sound === "c" || sound === "z"
              ? "s"
              : sound === "d"
                ? "t"
                : sound;
    if (alike !== "" && skeleton.at(-1) !== alike) skeleton += alike;
  }
  if (remembered.size < 50_000) remembered.set(word, skeleton);
  return skeleton;
};

/** Whether two names may be one: equal bones, or one with an ending of its case; the shorter they are, the less may differ. */
export const isSameName = (left: string, right: string): boolean => {
  if (left === right) return left !== "";
  const [short, long] = left.length < right.length ? [left, right] : [right, left];
  if (short.length < 2 || !long.startsWith(short)) return false;
  return short.length > 2 ? long.length - short.length <= 2 : /^[mvk]$/.test(long.slice(short.length));
};
