/** A text in the four languages. */
export interface Words {
  readonly en: string;
  readonly pl: string;
  readonly uk: string;
  readonly he: string;
}

/** The text of a language, English where there is none, with `{names}` filled in. */
export const inWords = (
  locale: string,
  words: Words,
  values: Readonly<Record<string, string | number>> = {},
): string => {
  const language = locale.toLowerCase().split("-")[0] ?? "";
  const text = language in words ? words[language as keyof Words] : words.en;
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => `${values[name] ?? whole}`);
};

/** What is said of jobs. */
export const jobWords = {
  none: {
    en: "You have no long job here.",
    pl: "Nie masz tu żadnego długiego zadania.",
    uk: "У вас тут немає довгих завдань.",
    he: "אין לך כאן משימה ארוכה.",
  },
  queued: {
    en: "{name}: it waits for its turn.",
    pl: "{name}: czeka na swoją kolej.",
    uk: "{name}: чекає своєї черги.",
    he: "{name}: ממתין לתורו.",
  },
  running: {
    en: "{name}: it is under way, {done} of {total} tasks are done.",
    pl: "{name}: w toku, wykonane kroki: {done} z {total}.",
    uk: "{name}: виконується, готово кроків: {done} з {total}.",
    he: "{name}: בעבודה, הושלמו {done} מתוך {total} שלבים.",
  },
  now: { en: "Now: {tasks}.", pl: "Teraz: {tasks}.", uk: "Зараз: {tasks}.", he: "כעת: {tasks}." },
  askedTask: {
    en: "{name}: it waits for you to agree that the task '{task}' begins ({done} of {total} are done).",
    pl: "{name}: czeka na zgodę na rozpoczęcie kroku „{task}” (wykonane: {done} z {total}).",
    uk: "{name}: чекає вашої згоди на початок кроку «{task}» (готово: {done} з {total}).",
    he: "{name}: ממתין לאישור להתחלת השלב ״{task}״ (הושלמו {done} מתוך {total}).",
  },
  askedResult: {
    en: "{name}: it waits for you to agree to the result of the task '{task}' ({done} of {total} are done):",
    pl: "{name}: czeka na zgodę na wynik kroku „{task}” (wykonane: {done} z {total}):",
    uk: "{name}: чекає вашої згоди на результат кроку «{task}» (готово: {done} з {total}):",
    he: "{name}: ממתין לאישור התוצאה של השלב ״{task}״ (הושלמו {done} מתוך {total}):",
  },
  askedOutcome: {
    en: "{name}: a call of '{tool}' was cut off, and it waits to be told whether it happened:",
    pl: "{name}: wywołanie „{tool}” zostało przerwane; czeka na informację, czy zostało wykonane:",
    uk: "{name}: виклик «{tool}» перервано; чекає відповіді, чи його виконано:",
    he: "{name}: קריאה ל״{tool}״ נקטעה, והמשימה ממתינה לדעת אם בוצעה:",
  },
  answersTask: {
    en: "Yes: POST {link}/approve. No, the job ends: POST {link}/reject.",
    pl: "Tak: POST {link}/approve. Nie, zadanie się kończy: POST {link}/reject.",
    uk: "Так: POST {link}/approve. Ні, завдання завершується: POST {link}/reject.",
    he: "כן: POST {link}/approve. לא, המשימה מסתיימת: POST {link}/reject.",
  },
  answersResult: {
    en: "It counts: POST {link}/approve. Another round: POST {link}/repeat. No, the job ends: POST {link}/reject.",
    pl: "Zgoda: POST {link}/approve. Jeszcze raz: POST {link}/repeat. Nie, zadanie się kończy: POST {link}/reject.",
    uk: "Згода: POST {link}/approve. Ще раз: POST {link}/repeat. Ні, завдання завершується: POST {link}/reject.",
    he: "מאושר: POST {link}/approve. סבב נוסף: POST {link}/repeat. לא, המשימה מסתיימת: POST {link}/reject.",
  },
  answersOutcome: {
    en: "It happened, the job goes on: POST {link}/approve. It did not, it is made once more: POST {link}/repeat. The job is to end: POST {link}/reject.",
    pl: "Zostało wykonane, zadanie trwa dalej: POST {link}/approve. Nie zostało, będzie powtórzone: POST {link}/repeat. Zakończ zadanie: POST {link}/reject.",
    uk: "Виконано, завдання триває: POST {link}/approve. Не виконано, буде повторено: POST {link}/repeat. Завершити завдання: POST {link}/reject.",
    he: "בוצעה, המשימה ממשיכה: POST {link}/approve. לא בוצעה, והיא תבוצע שוב: POST {link}/repeat. לסיים את המשימה: POST {link}/reject.",
  },
  withKey: {
    en: "Send {key} with it, so that it answers this question (or: athena jobs show {id}).",
    pl: "Wyślij przy tym {key}, aby odpowiedź dotyczyła tego pytania (albo: athena jobs show {id}).",
    uk: "Надішліть із цим {key}, щоб відповідь стосувалася цього питання (чи: athena jobs show {id}).",
    he: "יש לשלוח עם זה {key}, כדי שהתשובה תהיה לשאלה הזו (או: athena jobs show {id}).",
  },
  completed: {
    en: "{name}: it is done.",
    pl: "{name}: zakończono.",
    uk: "{name}: готово.",
    he: "{name}: הושלם.",
  },
  elsewhere: {
    en: "What it says stands in its own, confidential conversation {thread} and at {link}. Asked in a confidential conversation of yours, I say it there.",
    pl: "Treść jest w jego własnej, poufnej rozmowie {thread} i pod {link}. Na pytanie w Twojej poufnej rozmowie podam ją tam.",
    uk: "Зміст — у його власній, конфіденційній розмові {thread} і за адресою {link}. На запит у вашій конфіденційній розмові я скажу його там.",
    he: "התוכן נמצא בשיחה החסויה שלה {thread} ובכתובת {link}. אם תישאל השאלה בשיחה חסויה שלך, התוכן ייאמר שם.",
  },
  failed: {
    en: "{name}: it ended without a result.",
    pl: "{name}: zakończono bez wyniku.",
    uk: "{name}: завершено без результату.",
    he: "{name}: הסתיים בלי תוצאה.",
  },
  why: { en: "Why: {reason}", pl: "Powód: {reason}", uk: "Причина: {reason}", he: "הסיבה: {reason}" },
  cancelled: {
    en: "{name}: it was cancelled.",
    pl: "{name}: anulowano.",
    uk: "{name}: скасовано.",
    he: "{name}: בוטל.",
  },
  stopping: {
    en: "{name}: it is being stopped.",
    pl: "{name}: trwa zatrzymywanie.",
    uk: "{name}: зупиняється.",
    he: "{name}: נעצר.",
  },
  nothingRuns: {
    en: "No long job of yours runs that could be cancelled.",
    pl: "Nie działa żadne Twoje długie zadanie, które można by anulować.",
    uk: "Немає вашого довгого завдання, яке можна було б скасувати.",
    he: "אין משימה ארוכה שלך שאפשר לבטל.",
  },
  several: {
    en: "Several of your jobs run. Say which one is to be cancelled, such as “cancel job {id}”:",
    pl: "Działa kilka Twoich zadań. Powiedz, które anulować, na przykład „anuluj zadanie {id}”:",
    uk: "Виконується кілька ваших завдань. Скажіть, яке скасувати, наприклад «скасуй завдання {id}»:",
    he: "כמה משימות שלך רצות. יש לומר איזו לבטל, למשל ״בטל את המשימה {id}״:",
  },
  more: { en: "See {link}.", pl: "Zobacz {link}.", uk: "Див. {link}.", he: "ראו {link}." },
} as const satisfies Record<string, Words>;

const names: Readonly<Record<string, Words>> = {
  "deep-research": { en: "Research", pl: "Badanie", uk: "Дослідження", he: "המחקר" },
  report: { en: "Report", pl: "Raport", uk: "Звіт", he: "הדוח" },
  answer: { en: "Answer", pl: "Odpowiedź", uk: "Відповідь", he: "המענה" },
  triage: { en: "Triage", pl: "Analiza incydentu", uk: "Розбір інциденту", he: "תחקור התקלה" },
};

/** What a crew's job is called. */
export const jobName = (crew: string, locale: string): string => {
  const words = names[crew];
  return words ? inWords(locale, words) : crew;
};
