import {
  anywhere,
  atStart,
  type LanguageRules,
  named,
  negated,
  phrase,
  several,
  single,
  value,
} from "./language-rules.ts";

const adverb = "(?:(?:really|absolutely|also|just|currently|now|do|still|actually|generally|mostly) )?";
const self = "(?:i|we)";
const own = `(?:my|our) ${phrase("subject")}`;
const have = "(?:'ve| have)?(?: just| recently| now)?";
const place = "(?:in|at|on|near|with|by|above|below|under|behind|opposite|outside|next to|close to)";
const determiner = "(?:an?|one|two|three|four|five|six|seven|eight|nine|ten|no|several|many|\\d+)";
const possession =
  "(?:child|children|kids?|sons?|daughters?|twins|brothers?|sisters?|siblings?|grandchildren|grandsons?|granddaughters?|wife|husband|girlfriend|boyfriend|partner|dogs?|cats?|pets?|puppy|kitten|parrots?|hamsters?|horses?|chickens|fish|cars?|bikes?|bicycles?|motorbike|van|boat|piano|guitar|house|flat|apartment|cottage|garden|balcony|garage|allerg(?:y|ies)|asthma|diabetes|epilepsy|arthritis|migraines?|high blood pressure|driving licen[cs]e|server|nas|solar panels|heat pump)(?![\\p{L}])";
const kept =
  "(?:favou?rite [\\p{L} ]+|(?:[\\p{L}']+ )?(?:birthday|anniversary|name day|address|e-?mail|phone number|number|shoe size|size|age|height|weight|blood type|job|profession|hobby|hobbies|native language|mother tongue|time ?zone|locale|budget(?: for [\\p{L} ]+)?|car|doctor|dentist|gp|vet|boss|manager|landlord|provider|licen[cs]e plate|postcode|zip code|team|school|wi-?fi(?: network)?))";
const states =
  `allergic to .+|intolerant .+|vegan|(?:a )?vegetarian|pescatarian|(?:type \\d )?diabetic|c(?:o)?eliac|(?:lactose|gluten|fructose)[ -]intolerant|left-handed|
 right-handed|colou?r[ -]?blind|deaf|blind|dyslexic|asthmatic|married.*|single|divorced|engaged.*|widowed|pregnant|retired|self-employed|
 unemployed|jewish|muslim|catholic|christian|buddhist|hindu|an atheist|\\d+(?: years old)?|afraid of .+|scared of .+|based in .+|
 responsible for .+|in charge of .+|fluent in .+|into .+|\\d+ ?(?:cm|kg|m) .*`.replace(/\n */g, "");

/** English: how things are stated, asked, doubted and ordered. */
export const english: LanguageRules = {
  fillers:
    /^(?:(?:hi|hello|hey|morning|well|oh|ok|okay|so|honestly|quick (?:thing|note|heads up)|heads up|and|but|also|yes|no|by the way|btw|fyi|just so you know|for your information|for context|actually|good (?:morning|evening|afternoon)|thanks|thank you|please)(?: (?:there|athena))?[\s,.!:–—-]+)+/iu,
  remember:
    /^(?:(?:please|kindly|and|also|can you|could you|will you|would you|i want you to|i'd like you to)[ ,]+){0,3}(?:(?:remember|memori[sz]e|note|make a note|take a note|write down|keep in mind|bear in mind|don't forget|do not forget|never forget)(?: please)?(?: this| the following| it)?(?:,? that |[ ]?[:–—-] ?|, (?=i |i'|we |my |our ))|remember (?=(?:my|our) .{1,80} (?:is|are) )|for (?:the|your) record[,:] |for future reference[,:] )/iu,
  rememberAfter:
    /[\s,;.–—-]+(?:and |so |please )*(?:remember (?:it|that|this)|keep (?:it|that|this) in mind|don't (?:let me )?forget (?:it|that|this))(?:[ ,]+(?:please|when|for|next time).*)?$/iu,
  lead: /^(?:since|from|after|before|in|last|this|until|on|as of|every|these days|nowadays)(?: [\p{L}\p{N}:]+){0,4}?,? (?=(?:i|we|my|our)[ '])/iu,
  forget:
    /^(?:(?:please|kindly|and|also|can you|could you|will you|would you)[ ,]+){0,2}(?:forget|delete|erase|unlearn)(?: from (?:your )?memory)?(?: (?:that|about|what i (?:said|told you) about|the fact that))\s+/iu,
  question: atStart(
    "what|who|whom|whose|where|when|why|how|which|is|are|am|was|were|do|does|did|can|could|will|would|should|shall|may|have you|has|isn't|aren't|don't you|doesn't",
  ),
  unsure: anywhere(
    `if|unless|would|could|should|might|maybe|perhaps|probably|possibly|suppose|supposing|imagine|pretend|let's say|wish|hope|hoping|wonder|
     wondering|as if|hypothetically|assuming|joking|kidding|guess|i think|thought|seems?|said|says|saying|told|tells|claims?|claimed|wrote|writes|
     asked|asks|according to|reportedly|allegedly|apparently|quote|want to|going to|about to|you`.replace(/\n */g, ""),
  ),
  task: atStart(
    `(?:(?:please|can you|could you|would you|now|then|help me)[ ,]+){0,2}(?:to )?(?:write|translate|summari[sz]e|rewrite|rephrase|paraphrase|correct|
     fix|proofread|pretend|act as|act like|imagine|suppose|role-?play|play the role|continue|complete|explain|analy[sz]e|draft|compose|generate|
     create|make up|describe|read this|reply to|answer this|classify|extract|consider this|let's (?:say|pretend|imagine|play)|review|edit|here is|
     here's|this is what|the following|what do you (?:think|make) of|shorten|improve)`.replace(/\n */g, ""),
  ),
  joint: /\s*[,;:]\s+(?:and |but |so )?(?=(?:i|we|my|our)[ '])|\s+(?:and|but) (?=(?:i|we|my|our)[ '])/iu,
  tail: /,\s+(?=(?:so )?(?:what|where|which|how|can|could|any|do|is|are|should|who|when|why) )/iu,
  noLonger: [
    /^(?<before>i|we|(?:my|our) [\p{L}' -]{1,60}?) no longer (?<after>.+)$/iu,
    /^(?<before>i|we) (?:don't|do not) (?<after>.+?) any ?more$/iu,
  ],
  claims: [
    several("is", `i(?:'m| am) (?<value>off (?:dairy|gluten|sugar|alcohol|meat|caffeine).*)`),
    single("name", `my (?:full |first )?name(?:'s| is) ${value}`),
    single(
      "name",
      `(?:people |you can |please )?call me (?!at\\b|for\\b|later|back|in\\b|on\\b|when|tomorrow|now|an?\\b|if\\b|about|by\\b)${value}`,
    ),
    single("name", `i prefer to be called ${value}`),
    single("name", `(?:my|our) ${phrase("subject")}(?:'s|s') name(?:'s| is) ${value}`),
    single("name", `${own} (?:is|are) (?:called|named) ${value}`),
    single("lives_in", `${self}(?: am| are|'m|'re|'ve been| have been)? ?${adverb}liv(?:e|ing) ${place} ${value}`),
    single("lives_in", `${self}${have} moved (?:back )?(?:to|into) ${value}`),
    single("lives_in", `${own} (?:now |still |currently )?lives? ${place} ${value}`),
    single("lives_in", `${own}${have}(?: has)? moved (?:back )?(?:to|into) ${value}`),
    single("comes_from", `${self}(?:'m| am|'re| are| come) (?:originally )?from ${value}`),
    single("born", `(?:i|${own}) was born ${value}`),
    single("works_as", `(?:i|${own}) ${adverb}works? as ${value}`),
    several("works", `(?:i|we|${own}) ${adverb}works? (?:at|for|in|with|from|on|nights|part|full) ?${value}`),
    several("is", `${self}(?:'m| am|'re| are) ${adverb}(?<value>${states})`),
    several(
      "is",
      `i(?:'m| am) (?<value>an? (?!bit|little|lot|few|huge|mess|idiot|loser|fool|moron|beginner here|human).+)`,
    ),
    negated(
      "likes",
      `${self} ${adverb}(?:don't|do not|can't|cannot) (?:really )?(?:like|stand|enjoy|love|bear) (?!that\\b|this\\b|it\\b|how\\b|your\\b)${value}`,
    ),
    negated(
      "likes",
      `${self} ${adverb}(?:hate|dislike|detest|loathe) (?!that\\b|this\\b|it\\b|how\\b|when\\b)${value}`,
    ),
    several(
      "likes",
      `${self} ${adverb}(?:like|love|enjoy|adore|prefer) (?!that\\b|this\\b|it\\b|how\\b|what\\b|the way\\b|to (?:know|see|ask|book|buy|have)\\b)${value}`,
    ),
    negated(
      "does",
      `${self} (?:don't|do not|never|can't|cannot|am not allowed to|'m not allowed to) (?<value>(?:eat|drink|smoke|own|speak|drive|watch|wear|fly|cook|have (?:any |a )?${possession}) ?.*)`,
    ),
    several("does", `${self} ${adverb}(?<value>(?:usually|always|often|normally|rarely|typically|never|regularly) .+)`),
    several(
      "does",
      `${self} ${adverb}(?<value>(?:eat|drink|speak|play|drive|own|study|teach|train|wear|collect|practi[sc]e|attend|smoke|commute|cycle|park|support|weigh) .+)`,
    ),
    several(
      "does",
      `${self} ${adverb}(?<value>(?:get up|wake up|go to (?:bed|work|school|church|the gym|university)) .+)`,
    ),
    several(
      "has",
      `${self}(?:'ve got| have got| ${adverb}have) (?<value>(?:${determiner} )?(?:[\\p{L}-]+ ){0,2}?${possession}.*)`,
    ),
    single(
      "place",
      `${self}${have} (?:moved|relocated|migrated|put) (?:the|our|my) ${phrase("subject")} (?:to|into|in|onto|on) ${value}`,
    ),
    single("name", `${self}${have} renamed (?:the|our|my) ${phrase("subject")} (?:to |as )?${value}`),
    single(
      "kind",
      `${self}${have} (?:switched|changed|replaced|upgraded) (?:the|our|my) ${phrase("subject")} (?:to|with|by) ${value}`,
    ),
    several(
      "did",
      `${self}${have} (?<value>(?:(?:bought|sold) (?:an?|the|our|my|two|\\d+) (?!item|thing|product|ticket).+|(?:adopted|hired|joined) .+|got married.*|graduated.*|retired.*))`,
    ),
    several("likes", `(?:my|our) ${phrase("subject")} (?:likes?|loves?|enjoys?|adores?|prefers?) ${value}`),
    negated(
      "likes",
      `(?:my|our) ${phrase("subject")} (?:hates?|dislikes?|doesn't (?:like|eat)|don't (?:like|eat)) ${value}`,
    ),
    several(
      "does",
      `${own} (?<value>(?:goes to|studies|speaks|plays|(?:has|have) ${determiner}|eats?|drinks?|drives?|teaches|attends|starts (?:school|work|university)|turns|expires?|closes?|opens?|ends?|begins?|retires?|wears?|owns?|rides?|collects?) .+)`,
    ),
    single("place", `${own} (?:is|are) ${place} ${value}`),
    several("is", `${own} (?:is|are) (?<value>${states})`),
    several("is", `${own} (?:is|are) (?<value>(?:an?|the) .+)`),
    single("value", `new (?<subject>(?:address|phone number|number|e-?mail))(?: is|:) ${value}`),
    single("kind", `${self}${have} (?:switched|changed|moved) from ${phrase("subject")} to ${value}`),
    single("value", `(?:my|our) (?<subject>${kept})(?: is| are|'s) ${value}`),
    {
      ...named("value", `(?:[Mm]y|[Oo]ur) ${phrase("subject")} (?:is|are) (?<value>[\\p{Lu}\\p{N}].*)`),
      isSingle: true,
    },
    named("relation", "(?<subject>\\p{Lu}[\\p{L}'-]+(?: \\p{Lu}[\\p{L}'-]+)?) is (?<value>(?:my|our) .+)"),
    named(
      "value",
      "(?<subject>\\p{Lu}[\\p{L}-]+'s (?:birthday|number|phone number|email|e-mail|address|anniversary)) is (?<value>\\S.*)",
    ),
  ],
  passingSubject: anywhere(
    `questions?|problems?|points?|guess|code|script|error|request|query|goal|idea|plan|concern|opinion|head|stomach|back|eyes?|understanding|fault|
     mistake|bad|turn|pleasure|apologies|next|last|first|password|passcode|passphrase|pin|token|secret|api key|issue|task|thoughts?|impression|intention|
     hope|dream|day|mood|program|function|table|test|answer|prompt|input|output|text|essay|story|character|cards?|payments?|orders?|transfers?|accounts?|top-?ups?|transactions?|refunds?|cash|money|currency|rates?|apps?|statement|
     bills?|packages?|parcel|delivery|flight|booking|reservation|withdrawal|purchase|balance|calendar|alarm|timer|list|invoice|fee|charge|identity`.replace(
      /\n */g,
      "",
    ),
  ),
  passingValue: atStart(
    `not|broken|down|slow|failing|late|stuck|delayed|full|empty|running|crashing|ready|tired|hungry|here|there|gone|lost|missing|fine|ok|okay|good|bad|
     great|wrong|sick|ill|still|too|so|very|on (?:my|his|her|our|their|the) way|in (?:a|the) (?:hurry|meeting)|at lunch|being|getting|about|how|what|why|
     when|whether|that|this|hurting|sore|dirty|cold|hot|wet|loading|it|mess|bit|sure|having|trying|coming|looking|doing`.replace(
      /\n */g,
      "",
    ),
  ),
  relations: {
    sister: "sister",
    brother: "brother",
    mother: "mother",
    mum: "mother",
    mom: "mother",
    father: "father",
    dad: "father",
    wife: "wife",
    husband: "husband",
    son: "son",
    daughter: "daughter",
    dog: "dog",
    cat: "cat",
    birthday: "birthday",
    doctor: "doctor",
    boss: "boss",
    car: "car",
    flat: "home",
    apartment: "home",
    house: "home",
    address: "address",
    anniversary: "anniversary",
  },
};
