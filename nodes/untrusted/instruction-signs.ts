import { foldedPattern as pattern } from "./folded-pattern.ts";

/** Signs by which a passage speaks to an assistant rather than to a reader. All run on folded text, in linear time. */
export interface Sign {
  readonly name: string;
  readonly test: (folded: string) => boolean;
}

const both = (first: RegExp, second: RegExp) => (text: string) => first.test(text) && second.test(text);
const b = "(?<![\\p{L}\\p{N}])";
const e = "(?![\\p{L}\\p{N}])";

const override = pattern(
  `${b}(?:ignore|disregard|forget|override|bypass|neglect|skip|discard|zignoruj\\w*|ignoruj\\w*|zapomnij\\p{L}*|pomiń|odrzuć|ігноруй\\p{L}*|проігноруй\\p{L}*|забудь\\p{L}*|знехтуй|התעלם|התעלמי|התעלמו|שכח|שכחי|תתעלם|תתעלמי)${e}`,
);
const whatWasSaid = pattern(
  `${b}(?:previous|prior|above|earlier|preceding|before|foregoing|your|system|initial|original|instructions?|prompts?|rules?|guidelines?|directions|everything|restrictions|poprzedni\\p{L}*|wcześniejsz\\p{L}*|powyższ\\p{L}*|instrukcj\\p{L}*|poleceni\\p{L}*|wszystk\\p{L}*|zasad\\p{L}*|попередн\\p{L}*|інструкці\\p{L}*|вказівк\\p{L}*|все|усе|правил\\p{L}*|הוראות\\p{L}*|ההוראות\\p{L}*|הקודמות|הקודם|שנאמר|הכל)${e}`,
);
const replyNouns =
  "(?:answers?|repl(?:y|ies)|responses?|outputs?|messages?|explanations?|elucidations?|summar(?:y|ies)|completions?|texts?|words|writing|feedback|statements?|generations?)";
const possessive = `(?:your|ur|thy|its own|the (?:final|next|above|generated|following))`;
const yourReply = pattern(
  `${b}${possessive}(?:\\s+[\\p{L}-]{1,20}){0,2}\\s+${replyNouns}${e}|${b}(?:the|this)\\s+(?:answer|response|reply|output)${e}|${b}(?:(?:swoj|twoj|wasz)\\p{L}*\\s+(?:\\p{L}{1,20}\\s+)?(?:odpowied|wiadomoś|tekst|wypowied)\\p{L}*|odpowiedzi|odpowiedź|w\\s+odpowiedzi)${e}|${b}(?:сво|тво|ваш)\\p{L}*\\s+(?:\\p{L}{1,20}\\s+)?(?:відповід|повідомлен|текст)\\p{L}*|${b}(?:у|в|до)\\s+відповіді?${e}|(?:ב|ל|את\\s+ה)?(?:תשובתך|תשובתכם|תשובה\\s+שלך|תגובתך|תגובה\\s+שלך|הודעתך)|${b}(?:בתשובה|לתשובה|התשובה)${e}`,
);
const cipher = pattern(
  `${b}(?:base\\s?(?:16|32|58|64|85)|rot\\s?13|caesar|cipher|ciphers|cypher|morse|leetspeak|leet|pig latin|anagram\\p{L}*|homophonic|alphanumeric|backwards?|emojis?|hexadecimal|binary code|ascii|szyfr\\p{L}*|anagram\\p{L}*|wspak|emotikon\\p{L}*|шифр\\p{L}*|анаграм\\p{L}*|навпаки|емодзі|צופן|הפוך|אנגרמה|אימוג)${e}`,
);
const persona = pattern(
  `${b}(?:you are now|you're now|from now on,? you|you will now|act as (?:a|an|if|my|the)|pretend (?:to be|you|that you)|role-?play|developer mode|god mode|dan mode|jailbreak\\p{L}*|do anything now|your new (?:role|task|instructions?|job|goal)|new (?:instructions?|task|rules?)\\s*[:：]|you must (?:now )?(?:answer|respond|reply|obey|always|only)|jesteś teraz|od teraz (?:jesteś|będziesz)|udawaj,? że|wciel się|nowe (?:instrukcje|zadanie|polecenie)|ти тепер|відтепер ти|вдавай|прикинься|нові? (?:інструкції|завдання)|אתה עכשיו|מעכשיו אתה|העמד פנים|הוראות חדשות|משימה חדשה)`,
);
const reveal = pattern(
  `${b}(?:reveal|print|show|repeat|output|leak|tell|give|display|disclose|share|list|send|ujawnij|pokaż|wypisz|powtórz|podaj|розкрий|покажи|виведи|повтори|חשוף|הצג|הדפס|גלה)${e}`,
);
const secrets = pattern(
  `${b}(?:system prompts?|initial prompt|hidden prompt|(?:your|the|above|previous|prior) (?:instructions|prompts?|rules|guidelines)|api[ -]?keys?|passwords?|credentials|secret keys?|(?:conversation|chat) history|system message|polecenie systemowe|prompt\\p{L}* systemow\\p{L}*|twoje instrukcje|hasł\\p{L}*|системн\\p{L}* (?:промпт|підказк)\\p{L}*|твої інструкції|парол\\p{L}*|הנחיית המערכת|ההוראות שלך|סיסמ\\p{L}*)`,
);
const roleMark = pattern(
  `<\\|[a-z_]{2,20}\\|>|\\[/?inst\\]|<</?sys>>|</?(?:system|assistant|instructions?|evidence|tool_result|tool_call|function_calls?|untrusted)(?:\\s[^>]{0,60})?>|^\\W{0,8}(?:system|assistant|developer)\\s*(?:message|prompt|note|instruction|override)?\\s*[:：]|#{2,4}\\s*(?:system|instructions?|assistant|new task)|${b}(?:begin|end) (?:of )?(?:system|instructions?|prompt)${e}`,
);
const toAssistant = pattern(
  `${b}(?:(?:dear|hey|hi|hello|attention|note (?:to|for)|to|message (?:to|for)|instructions? (?:to|for)|as an?|you are an?|if you are an?) (?:the |any |all |this )?(?:ai|a\\.i\\.|llm|llms|language model|chatbot|chat ?bot|virtual assistant|ai assistant|assistant|assistants|gpt|chatgpt|copilot|ai agent|ai model)|(?:ai|llm|language model|chatbot|(?:ai|digital|virtual) assistant)s? (?:must|should|shall|please|need to|has to|have to|reading|processing|summari[sz]ing|that reads?)|(?:do|szanowny|drogi) (?:asystent\\p{L}*|model\\p{L}* językow\\p{L}*|sztuczn\\p{L}* inteligencj\\p{L}*)|(?:шановний|дорогий) (?:асистент\\p{L}*|помічник\\p{L}*)|(?:асистент|штучний інтелект|мовна модель),|(?:עוזר|בינה מלאכותית|מודל השפה)[,:])`,
);
const callTool = pattern(
  `${b}(?:call|invoke|use|execute|run|trigger|wywołaj|użyj|uruchom|виклич|використай|запусти|קרא ל|הפעל|השתמש)${e}.{0,60}${b}(?:tool|tools|function|plugin|api|mcp|narzędzi\\p{L}*|funkcj\\p{L}*|інструмент\\p{L}*|функці\\p{L}*|כלי|הכלי|פונקציה|הפונקציה)${e}`,
);
const replyOnly = pattern(
  `^(?:please |now |only |always |instead,? )?(?:respond|reply|answer|output|speak|write|print|say|odpowiadaj|odpowiedz|pisz|mów|відповідай|пиши|говори|ענה|השב|כתוב) (?:only|just|always|exclusively|solely|in|with|using|as|by|tylko|wyłącznie|zawsze|po|w|лише|тільки|завжди|רק|תמיד|ב)${e}`,
);
const tellTheUser = pattern(
  `${b}(?:tell|inform|convince|persuade|advise|instruct|ask|warn|remind|encourage|invite|urge) (?:the |your |all )?(?:users?|readers?|humans?|customers?|recipient|person (?:you|who))${e}|${b}do not (?:tell|mention|reveal|inform|say)${e}.{0,60}${b}(?:user|anyone|instruction|prompt|this)${e}`,
);

// What a sentence about somebody's reply begins with; a verb that no list has begins with none of these.
const statement = pattern(
  `^(?:thanks?|we|i|i'\\p{L}+|he|she|they|it|you|your|the|this|that|these|those|a|an|our|my|if|when|once|as|after|upon|until|in|on|at|for|of|with|dear|hi|hello|there|here|[\\p{L}]{2,24}(?:ing|ed|ly|s))${e}`,
);
const strictReply = pattern(`${b}your (?:[\\p{L}-]{1,20} ){0,2}(?:response|answer|reply|output)(?:s|'s|s')?${e}`);

/** The signs, each with the name that a trace may carry. `opensTask`: whether the passage begins as a task does. */
export const signsOf = (opensTask: boolean): readonly Sign[] => (opensTask ? taskSigns : plainSigns);

const plainSigns: readonly Sign[] = [
  { name: "override", test: both(override, whatWasSaid) },
  { name: "role mark", test: (text) => roleMark.test(text) },
  { name: "persona", test: (text) => persona.test(text) },
  { name: "secrets", test: both(reveal, secrets) },
  { name: "addressed to an assistant", test: (text) => toAssistant.test(text) },
  { name: "tool call", test: (text) => callTool.test(text) },
  { name: "speaks of the user", test: (text) => tellTheUser.test(text) },
  { name: "alters the answer", test: (text) => strictReply.test(text) && !statement.test(text) },
  { name: "alters the answer", test: both(cipher, yourReply) },
  { name: "form of the answer", test: (text) => replyOnly.test(text) },
];
const plantedCode = pattern(
  `${b}(?:the |this )?(?:following|subsequent|below|next) (?:code|script|snippet|shell|command)`,
);

// A document that speaks of "my inbox" in an order speaks as the user to the user's assistant.
const asTheUser = pattern(
  `${b}my (?:own |whole |entire )?(?:e-?mails?|mails?|inbox|mailbox|calendar|contacts?|files?|folders?|expenses|tasks|to-?do|meetings|schedule|reminders?|alarms?|playlists?|documents|notes|passwords?|accounts?)${e}`,
);

const taskSigns: readonly Sign[] = [
  ...plainSigns,
  { name: "speaks as the user", test: (text) => asTheUser.test(text) },
  { name: "planted code", test: (text) => plantedCode.test(text) },
  { name: "alters the answer", test: (text) => yourReply.test(text) || cipher.test(text) },
];

/** The same where a passage does not open with a verb: "In your response, suggest …". */
export const altersReply = pattern(
  `^(?:and |also |please |then |finally |instead,? )?(?:in|into|to|within|throughout|at the (?:end|start|beginning|top|bottom) of|before|after|for|w|na (?:końcu|początku)|у|в|наприкінці|на початку|ב|בסוף|בתחילת)\\s?(?:every |each |all )?(?:(?:of )?${possessive}\\s+)(?:[\\p{L}-]{1,20}\\s+){0,2}${replyNouns}${e}|^(?:w|na końcu|na początku) (?:swoj|twoj|wasz)\\p{L}* (?:odpowied|wiadomo)\\p{L}*|^(?:у|в|наприкінці|на початку) (?:сво|тво)\\p{L}* (?:відповід|повідомл)\\p{L}*|^ב(?:תשובתך|סוף תשובתך|תגובתך|תשובה שלך)|${b}your (?:next |final |entire |whole )?(?:response|answer|reply|output)s? (?:must|should|shall|needs? to|has to|is to|will)${e}|${b}(?:twoja|swoja) odpowiedź (?:musi|powinna|ma)${e}|${b}твоя відповідь (?:має|повинна|мусить)${e}|(?:תשובתך|התשובה שלך) (?:חייבת|צריכה)`,
);
