import type { Cue } from "./judge-run.ts";

const after = (words: readonly string[], rest: string, flags = "u") =>
  new RegExp(`(?<![\\p{L}\\d])(?:${words.join("|")})${rest}$`, flags);

/** Titles, and words that say "what follows is a name". */
const announcing = after(
  [
    "(?:[Mm]y |[Hh]is |[Hh]er |[Tt]heir |[Ww]hose |[Ll]ast |[Ff]irst |[Ff]ull |[Mm]aiden )?[Nn]ame(?:['’]s| is| was)",
    "[Nn]amed|call(?:s|ed)? me|[Ss]tarring|[Ff]eaturing|[Ff]eat\\.",
    "Mrs?\\.?|Ms\\.?|Miss|Mx\\.?|Dr\\.?|Prof\\.?|Professor|Sir|Lady|Lord|Rev\\.?|Capt\\.?|Sgt\\.?|Lt\\.|Mme|Mlle|Herr|Frau|Se[nñ]ora?|Sra?\\.|Don|Do[nñ]a",
    "[Dd]ear|(?:[Dd]irected|[Ww]ritten|[Pp]roduced|[Cc]omposed|[Pp]ainted|[Ss]igned|[Aa]uthored) [Bb]y:?",
    "[Nn]azywam się|[Mm]am na imię|[Nn]a imię (?:mi|ma)|[Pp]an(?:a|u|em|ie)?|[Pp]ani(?:ą)?|[Pp]aństwo|[Mm]ec\\.|[Ii]nż\\.|[Mm]gr|[Dd]r hab\\.",
    "[Мм]ене звати|[Пп]ан(?:а|у|ом|е|ові)?|[Пп]ані|[Пп]рофесор(?:ка|а|у)?",
  ],
  " {1,4}",
);
/** Labels of forms and letters, closing words of letters. */
const labels = after(
  [
    "(?:[Ff]irst|[Ll]ast|[Ff]ull|[Mm]aiden|[Gg]iven|[Ff]amily|[Cc]ontact) ?[Nn]ame|[Nn]ame|[Uu]ser(?:name)?|[Aa]uthor|[Cc]ontact|[Pp]atient|[Cc]lient|[Cc]ustomer",
    "[Ee]mployee|[Aa]ttn|[Ff]rom|[Tt]o|[Cc]c|[Ss]igned|[Dd]irected [Bb]y|[Cc]ard ?holder|[Aa]ccount ?holder|[Ii]mię|[Nn]azwisko|[Uu]żytkownik|[Nn]adawca|[Oo]dbiorca",
    "[Пп]ацієнт|[Кк]лієнт|[Іі]м['’]я|[Пп]різвище|[Вв]ід|[Кк]ому",
  ],
  "[ ]?:[ \\t]{0,8}",
);
const closing = after(
  ["[Rr]egards|[Ss]incerely|[Cc]heers|[Yy]ours(?: truly| faithfully)?|[Pp]ozdrawiam|[Zz] poważaniem|[Зз] повагою"],
  ",?\\s{1,4}",
);
const quoted =
  /(?:["”»'’],?|,["”»'’]) (?:says|said|asked|asks|replied|added|wrote|powiedział[a]?|mówi|сказа(?:в|ла)) $/u;
const question = /\bname\?\s{1,3}$/i;
const speaker = /^:[ ]?["“”„«]/;

const likely = after(
  [
    "[Ii]['’]m|I am|[Tt]his is|[Hh]i|[Hh]ello|[Hh]ey|[Tt]hanks|[Tt]hank you|[Mm]eet|[Mm]et|[Aa]sk|[Tt]ell|[Ss]ays|[Ss]aid",
    "[Jj]estem|[Cc]ześć|[Дд]ядьк[уо]|[Пп]ривіт",
  ],
  ",? ",
);
const weak = after(["by|with|and|or|&|for|from|od|dla|do|z|i|oraz|від|для|з|та|і"], " ");
const spokenOf = /^(?:,? (?:said|says|wrote|asked|replied|told|added|explained|had given)\b|['’]s |:)/u;
const pair = /^ (?:and|&|i|oraz|та|і) \p{Lu}/u;
/** Words that go before places. */
const whereabouts = after(["[Ii]n|[Nn]ear|[Aa]t|[Ww]|[Ww]e|[Kk]oło|[Уу]|[Вв]|[Бб]іля"], " ");
const longestCue = 40;

/** What the text around [start, end) says about a name there. */
export const cueAround = (text: string, start: number, end: number): Cue => {
  const before = text.slice(Math.max(0, start - longestCue), start);
  const behind = text.slice(end, end + 14);
  const startsLine = before === "" || /[\n\r]$/.test(before);
  if (startsLine && speaker.test(behind)) return "strong";
  const sure = [announcing, labels, closing, quoted, question].some((pattern) => pattern.test(before));
  if (sure) return "strong";
  // Spoken to: "…, Roy!"
  if (likely.test(before) || spokenOf.test(behind) || (/, $/.test(before) && /^[!?]/.test(behind))) return "likely";
  if (whereabouts.test(before)) return "place";
  return pair.test(behind) || weak.test(before) ? "weak" : "none";
};
