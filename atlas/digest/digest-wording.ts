import type { TextLanguage } from "../index/languages.ts";

/** The fixed words of a digest. */
export interface DigestWording {
  readonly channel: string;
  readonly title: (period: string) => string;
  readonly counts: (messages: number, threads: number) => string;
  readonly topics: string;
  readonly grown: (topic: string, now: number, before: number) => string;
  readonly openQuestions: string;
  readonly contradictions: string;
  readonly changed: (before: string, after: string) => string;
}

export const digestWording: Readonly<Record<TextLanguage, DigestWording>> = {
  en: {
    channel: "Weekly digest",
    title: (period) => `Digest of ${period}`,
    counts: (messages, threads) => `Messages: ${messages}, conversations: ${threads}.`,
    topics: "Topics that grew",
    grown: (topic, now, before) => `${topic}: ${now} messages, the week before ${before}`,
    openQuestions: "Open questions",
    contradictions: "Contradictions",
    changed: (before, after) => `First “${before}”, later “${after}”`,
  },
  pl: {
    channel: "Przegląd tygodnia",
    title: (period) => `Przegląd: ${period}`,
    counts: (messages, threads) => `Wiadomości: ${messages}, rozmowy: ${threads}.`,
    topics: "Tematy, o których mówiono częściej",
    grown: (topic, now, before) => `${topic}: wiadomości ${now}, tydzień wcześniej ${before}`,
    openQuestions: "Pytania bez odpowiedzi",
    contradictions: "Sprzeczności",
    changed: (before, after) => `Najpierw „${before}”, później „${after}”`,
  },
  uk: {
    channel: "Огляд тижня",
    title: (period) => `Огляд: ${period}`,
    counts: (messages, threads) => `Повідомлення: ${messages}, розмови: ${threads}.`,
    topics: "Теми, про які говорили частіше",
    grown: (topic, now, before) => `${topic}: повідомлень ${now}, тижнем раніше ${before}`,
    openQuestions: "Питання без відповіді",
    contradictions: "Суперечності",
    changed: (before, after) => `Спершу «${before}», потім «${after}»`,
  },
  he: {
    channel: "סיכום שבועי",
    title: (period) => `סיכום: ${period}`,
    counts: (messages, threads) => `הודעות: ${messages}, שיחות: ${threads}.`,
    topics: "נושאים שגדלו",
    grown: (topic, now, before) => `${topic}: ${now} הודעות, בשבוע שלפניו ${before}`,
    openQuestions: "שאלות פתוחות",
    contradictions: "סתירות",
    changed: (before, after) => `קודם ”${before}”, אחר כך ”${after}”`,
  },
};
