/** Those whom answers like to give as a source without a name, and how each language calls them: beginnings of words. */
const institutions: readonly RegExp[] = [
  /^(?:police|polic(?:ja|ji|ję|ją)|поліці|המשטרה|משטרה)/,
  /^(?:ministry|ministries|ministerstw|міністерств)/,
  /^(?:scientist|researcher|naukow(?:cy|ców|iec)|badacz|науковц|вчені|вчених|дослідник|מדענים|חוקרים)/,
  /^(?:doctors?$|physician|lekarz|лікар(?!н)|רופאים|הרופאים)/,
  /^(?:experts?$|ekspert|експерт|מומחים|המומחים)/,
  /^(?:analyst|analitk|analityk|analityc|аналітик|אנליסטים|האנליסטים)/,
  /^(?:economist|ekonomi(?:sta|stka|ści|stów)|економіст|כלכלנים|הכלכלנים)/,
  /^(?:witness|świadk|świadek|свідк|свідок|עדים$|עדי$)/,
  /^(?:meteorolog|метеоролог|ה?מטאורולוג|ה?חזאי)/,
  /^(?:spokes|rzeczni|речни|דובר)/,
  /^(?:reuters|reutera|рейтер|רויטרס)/,
  /^(?:bloomberg|блумберг|בלומברג)/,
  /^(?:הלמ"ס|הלמ״ס|גלובס|כלכליסט|ynet|וואלה)/,
  /^(?:university|uniwersyte|університет|אוניברסיט|האוניברסיט)/,
];
/** Words that give a source: what is named behind the first, or stands beside the second. */
const givesSource =
  /(?<!\p{L})(?:according to|as reported by|reported by|confirmed by|told|says?|said|confirmed|confirms|reports?|reported|według|zdaniem|podał\p{L}*|podaje|podają|twierdz\p{L}*|powiedział\p{L}*|poinformował\p{L}*|informuj\p{L}*|potwierdz\p{L}*|за даними|за словами|на думку|повідоми\p{L}*|повідомля\p{L}*|кажуть|каже|сказа\p{L}*|підтвердж\p{L}*|підтверди\p{L}*|לפי|על פי|לדברי|אמר\p{L}*|אומרים|מסר\p{L}*|דיווח\p{L}*|מדווח\p{L}*|אישר\p{L}*)(?!\p{L})/iu;

/** An institution that a sentence gives as its source though nothing known speaks of one; undefined for none. */
export const inventedInstitution = (
  sentence: string,
  words: readonly string[],
  isKnown: (pattern: RegExp) => boolean,
): string | undefined => {
  if (!givesSource.test(sentence)) return undefined;
  for (const pattern of institutions) {
    const told = words.find((word) => pattern.test(word));
    if (told !== undefined && !isKnown(pattern)) return told;
  }
  return undefined;
};
