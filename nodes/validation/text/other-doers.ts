/** Words between a doer and its verb that are neither. */
const between =
  /^(?:вже|уже|щойно|якраз|також|теж|ще|сам|сама|самі|тоді|потім|знову|все|усе|не|її|його|їх|це|ж|же|й|і|та|нарешті|сьогодні|вчора|учора|торік|раніше|\p{L}{3,}(?:но|ко))$/u;
const prepositions = /^(?:на|у|в|о|об|до|з|із|зі|за|для|про|по|через|під|над|при|від|без|біля|крім)$/;
const pronouns = /^(?:я|ми|вам|тобі|вас|тебе|нам|мені|йому|їй|їм|собі|так|отже|гаразд|тож|але|бо|що|де)$/;
const masculine = /[бвгґджзклмнпрстфхцчшщйь]$/;
const feminine = /[ая]$/;

/**
 * Whether a Ukrainian past tense, which has no person of its own, may tell what somebody else did: a noun that agrees with it stands
 * before it ("майстер оглянув", "директорка замовила"), or it is a plural without "ми" ("теніс скасували").
 * @param before what stands before the verb in its clause
 */
export const hasOtherDoer = (before: string, verb: string): boolean => {
  if (!/^[\u0400-\u052f]/u.test(verb) || /^(?:я|ми)\s/iu.test(verb) || /(?<!\p{L})(?:я|ми)\s/iu.test(before))
    return false;
  if (/ли$/iu.test(verb)) return true;
  const words = (before.toLowerCase().match(/[\p{L}\p{M}'’ʼ-]+/gu) ?? []).slice(-8);
  let at = words.length - 1;
  while (at >= 0 && between.test(words[at] ?? "")) at -= 1;
  const noun = words[at] ?? "";
  if (noun.length < 3 || pronouns.test(noun)) return false;
  if (words.slice(Math.max(0, at - 2), at).some((word) => prepositions.test(word))) return false;
  return /ла$/iu.test(verb) ? feminine.test(noun) : masculine.test(noun);
};
