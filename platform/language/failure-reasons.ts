type Words = Readonly<Record<"pl" | "uk" | "he", string>>;

const away: Words = {
  pl: "Model nie odpowiedział.",
  uk: "Модель не відповіла.",
  he: "המודל לא ענה.",
};

const reasons: Readonly<Record<string, Words>> = {
  LIMIT_REACHED: {
    pl: "Osiągnięto limit zadania.",
    uk: "Досягнуто межі завдання.",
    he: "המשימה הגיעה למגבלה שלה.",
  },
  GUARDRAILS_UNMET: {
    pl: "Wynik nie spełnił warunków.",
    uk: "Результат не відповідав умовам.",
    he: "התוצאה לא עמדה בתנאים.",
  },
  REJECTED: { pl: "Odrzucono je.", uk: "Його відхилено.", he: "היא נדחתה." },
  PROVIDER_REFUSED: { pl: "Model odmówił.", uk: "Модель відмовила.", he: "המודל סירב." },
  PROVIDER_SERVER_ERROR: away,
  PROVIDER_OVERLOADED: away,
  PROVIDER_TIMEOUT: away,
};

/**
 * Why long work came to nothing, in the language of a locale, before the details that are told in English: the reasons that
 * people meet. Empty in English, which the details are in, and for other reasons and languages.
 */
export const failureReason = (code: string | undefined, locale: string): string => {
  const words = code === undefined ? undefined : reasons[code];
  const language = locale.toLowerCase().split("-", 1)[0]!;
  return words && Object.hasOwn(words, language) ? words[language as keyof Words] : "";
};
