import { eng, heb, pol, ukr } from "stopword";
import type { TextLanguage } from "./languages.ts";

const words = (list: string): readonly string[] => list.trim().split(/\s+/);

// The package's English list lacks half of the pronouns and all contractions.
const englishFunctionWords = words(`
  i me my myself we our ours ourselves you your yours yourself yourselves he him his himself she her hers herself it its
  itself they them their theirs themselves what which who whom this that these those am is are was were be been being have
  has had having do does did doing a an the and but if or because as until while of at by for with about against between into
  through during before after above below to from up down in out on off over under again further then once here there when
  where why how all any both each few more most other some such no nor not only own same so than too very can will just
  should now would could may might must shall also s t m d ll re ve don didn doesn isn wasn hadn hasn haven couldn wouldn
  shouldn aren weren won im don't didn't doesn't isn't wasn't hadn't hasn't haven't couldn't wouldn't shouldn't aren't
  weren't won't i'm i've i'll i'd it's that's what's there's let's you're you've you'll they're we're we've can't can't he's
  she's who's`);

/** Words of the grammar, in lower case: neither indexed nor asked. */
export const stopWords: Readonly<Record<TextLanguage, ReadonlySet<string>>> = {
  en: new Set([...eng, ...englishFunctionWords]),
  pl: new Set(pol),
  uk: new Set(ukr),
  he: new Set(heb),
};

/** Words in which people ask about the past; asked, they would match every earlier question. */
export const askingWords: Readonly<Record<TextLanguage, ReadonlySet<string>>> = {
  en: new Set(
    words("say said says tell told tells talk talked talking mention mentioned remember recall know ask asked please"),
  ),
  pl: new Set(
    words(`mówiłem mówiłam powiedziałem powiedziałam mówiliśmy rozmawialiśmy pamiętasz przypomnij powiedz
      wspominałem wspominałam proszę`),
  ),
  uk: new Set(
    words(`казав казала говорив говорила говорили пам'ятаєш памятаєш сказав сказала скажи нагадай
      згадував згадувала`),
  ),
  he: new Set(words("אמרתי סיפרתי זוכר זוכרת דיברנו ספר ספרי תזכיר הזכרתי")),
};
