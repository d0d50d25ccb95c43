interface Words {
  readonly cancelled: string;
  readonly failed: string;
}

/** By language, with a `{crew}`. */
const words: Readonly<Record<string, Words>> = {
  en: { cancelled: "The job '{crew}' was cancelled.", failed: "The job '{crew}' ended without a result." },
  pl: { cancelled: "Zadanie „{crew}” zostało anulowane.", failed: "Zadanie „{crew}” zakończyło się bez wyniku." },
  uk: { cancelled: "Завдання «{crew}» скасовано.", failed: "Завдання «{crew}» завершилося без результату." },
  he: { cancelled: "המשימה ״{crew}״ בוטלה.", failed: "המשימה ״{crew}״ הסתיימה ללא תוצאה." },
};

/** What a conversation is told of a job that gave nothing, in its language, English where there is none; the reason follows as it is. */
export const endingWords = (status: keyof Words, crew: string, locale: string, reason = ""): string => {
  const { [locale.toLowerCase().split("-", 1)[0]!]: own = words.en! } = words;
  return `${own[status].replace("{crew}", () => crew)} ${reason}`.trim();
};
