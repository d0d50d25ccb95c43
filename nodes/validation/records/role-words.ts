import type { Token } from "../text/tokens.ts";
import { unitNamed } from "../text/units.ts";

/** Roles that exclude one another, with what data call them and how answers in four languages say them. */
interface Role {
  /** Roles of one group exclude one another. */
  readonly group: string;
  readonly id: string;
  /** Names of fields and values in data. */
  readonly inData: RegExp;
  /** Beginnings of words, or whole words before a blank. */
  readonly words: readonly string[];
}

const role = (group: string, id: string, inData: RegExp, words: string): Role => ({
  group,
  id,
  inData,
  words: words.split(/,\s*/),
});

const roles: readonly Role[] = [
  role(
    "turn",
    "next",
    /^(?:next|upcoming|following)/i,
    "next , upcoming, następn, kolejny , kolejna , kolejne , наступн, הבא , הבאה ",
  ),
  role(
    "turn",
    "last",
    /^(?:last|previous|prior)(?!Comment|Seen|Name|Update)/i,
    "last , latest , previous, ostatni, poprzedni, останн, попередн, האחרון , האחרונה , הקודם , הקודמת ",
  ),
  role("way", "subscription", /^(?:subscription|flatrate|abo)$/i, "subscri, abonamen, передплат, підписк, מינוי "),
  role(
    "way",
    "rent",
    /^(?:rent|rental)$/i,
    "rent , rented , rental, wypożycz, оренд, прокат, השכרה , להשכיר , לשכור , שכירות ",
  ),
  role(
    "way",
    "buy",
    /^(?:buy|purchase)$/i,
    "buy , bought , purchas, kupi, zakup, купи, купівл, придба, קנייה , לקנות , רכישה , לרכוש ",
  ),
  role(
    "person",
    "assignee",
    /^(?:assignee|assigned_?to|owner|handler|responsible)$/i,
    "with , assigned , assignee , responsible , owns , handles , handling , handled , przypisan, prowadzi , zajmuje , opiekun, призначен, відповіда, виконав, займається , веде , מטפל , מטפלת , טיפול , טיפולו , טיפולה , אחראי , אחראית , אחריות , אצל ",
  ),
  role(
    "person",
    "author",
    /^(?:author|commenter|comment_?by|commented_?by)$/i,
    "comment, commented , wrote , koment, napisał , napisała , комент, написа, הגיב , הגיבה , תגובה , כתב , כתבה ",
  ),
];

/** The role that a field or value of data stands for. */
export const roleInData = (name: string): { group: string; id: string } | undefined =>
  roles.find(({ inData }) => inData.test(name));

const byStart = new Map<string, { word: string; role: Role }[]>();
for (const each of roles)
  for (const word of each.words)
    byStart.set(word.slice(0, 2), [...(byStart.get(word.slice(0, 2)) ?? []), { word, role: each }]);

/** The role that a word of an answer tells; "last week" tells none. */
export const roleAt = (tokens: readonly Token[], at: number): { group: string; id: string } | undefined => {
  const token = tokens[at];
  if (token?.kind !== "word") return undefined;
  const forms = /^[ובלמהש][א-ת]{3}/.test(token.lower) ? [token.lower, token.lower.slice(1)] : [token.lower];
  for (const form of forms)
    for (const { word, role: found } of byStart.get(form.slice(0, 2)) ?? []) {
      if (!(word.endsWith(" ") ? form === word.slice(0, -1) : form.startsWith(word))) continue;
      const next = tokens[at + 1];
      const isSpan = found.group === "turn" && next !== undefined && (next.kind === "number" || unitNamed(next.lower));
      return isSpan ? undefined : found;
    }
  return undefined;
};
