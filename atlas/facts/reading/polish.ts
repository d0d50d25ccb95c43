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

const own = `(?:mój|moja|moje|moi|nasz|nasza|nasze|nasi) ${phrase("subject")}`;
const place = "(?:w|we|na|przy|pod|nad|koło|obok|u|za|z|ze|niedaleko|blisko)";
const adverb = "(?:(?:bardzo|też|również|teraz|obecnie|od zawsze|nadal|aktualnie) )?";
const we = "(?:(?:ja|my|wczoraj|dziś|dzisiaj|niedawno|właśnie|już) )*";
const changed = (stem: string): string => `${we}${stem}(?:łem|łam|em|am|liśmy|łyśmy|śmy)`;
const count =
  "(?:jedno|dwójkę|trójkę|czwórkę|jeden|jedną|jednego|dwoje|dwóch|dwie|dwa|trzy|trzech|troje|cztery|czworo|pięć|pięcioro|\\d+)";
const possession =
  "(?:dzieci|synów|synowie|córki|córek|wnuk\\p{L}*|psy|psów|koty|kotów|braci|bracia|siostry|sióstr|samochody|samochodów|rowery|rowerów|chomik\\p{L}*|kur\\p{L}*)(?![\\p{L}])";
const kept =
  "(?:syna|córkę|psa|kota|brata|siostrę|męża|żonę|dzieci|wnuka|wnuczkę|chłopaka|dziewczynę|dom|mieszkanie|ogród)";

/** Polish: how things are stated, asked, doubted and ordered. */
export const polish: LanguageRules = {
  fillers:
    /^(?:(?:cześć|hej|tak na przyszłość|na przyszłość|witaj|dzień dobry|dobry wieczór|no|więc|a|i|ale|też|tak|nie ma sprawy|swoją drogą|przy okazji|dla jasności|dla kontekstu|ok|dzięki|proszę)(?: athena| ateno)?[\s,.!:–—-]+)+/iu,
  remember:
    /^(?:(?:proszę|i|czy możesz|możesz|czy mogłabyś|czy mógłbyś|chcę, żebyś)[ ,]+){0,3}(?:zapamiętaj|zapamiętać|zapamiętała|zapamiętał|pamiętaj|zapisz|zanotuj|zapisać|odnotuj|nie zapomnij|nie zapominaj|miej na uwadze|weź pod uwagę)(?: proszę)?(?: sobie)?(?: to| proszę)?(?:,? że |,? iż |[ ]?[:–—-] ?)/iu,
  rememberAfter:
    /[\s,;.–—-]+(?:i |proszę )*(?:zapamiętaj|pamiętaj|zapisz|zanotuj|nie zapomnij)(?: sobie)?(?: to| o tym)?(?:[ ,]+proszę)?$/iu,
  lead: /^(?:od|po|przed|w|we|na|do|zimą|latem|wiosną|jesienią|zeszłej|zeszłego|ostatnio|teraz)(?: [\p{L}\p{N}:]+){0,3}? (?=(?:mieszka|pracuj|nie |jestem|mam|mój|moja|jem|piję|uczę|wymieni|zmieni|przenie|kupi|gram))/iu,
  forget:
    /^(?:(?:proszę|i|czy możesz|możesz)[ ,]+){0,2}(?:zapomnij|usuń z pamięci|wymaż)(?: proszę)?(?:,? (?:że|iż|o tym, że|o|to, że))\s+/iu,
  question: atStart(
    "czy|co|kto|kogo|gdzie|skąd|dokąd|kiedy|jak|jaki|jaka|jakie|ile|ilu|dlaczego|czemu|po co|który|która|które|czyj|czyja|pamiętasz|wiesz",
  ),
  unsure:
    /(?<![\p{L}\p{N}])(?:gdyby\p{L}*|jeśli|jeżeli|może|chyba|pewnie|prawdopodobnie|załóżmy|przypuśćmy|wyobraź|udawaj|niech|podobno|rzekomo|według|żartuję|żeby|aby|zastanawiam|myślę|sądzę|nadzieję|zdaje|wydaje|(?:po)?wiedział\p{L}*|mówi|mówił\p{L}*|mówią|twierdzi\p{L}*|napisał\p{L}*|pisze|pytał\p{L}*|zapytał\p{L}*|\p{L}{2,}(?:łbym|łabym|łby|łaby|libyśmy|łybyśmy|łbyś|łabyś|byśmy))(?![\p{L}\p{N}])/iu,
  task: atStart(
    `(?:(?:proszę|czy możesz|możesz|teraz)[ ,]+){0,2}(?:napisz|przetłumacz|tłumacz|streść|podsumuj|przeredaguj|popraw|sparafrazuj|udawaj|zachowuj się|
     wyobraź sobie|załóżmy|przypuśćmy|wciel się|kontynuuj|dokończ|wyjaśnij|przeanalizuj|ułóż|stwórz|wymyśl|opisz|odpowiedz na|skróć|oto|poniżej|
     zredaguj|sprawdź tekst|co sądzisz o)`.replace(/\n */g, ""),
  ),
  joint:
    /\s*[,;:]\s+(?:i |a |ale |więc )?(?=(?:mieszkam|pracuję|mam|jestem|lubię|wolę|nie|nazywam|mój|moja|moje|nasz|nasza|przeprowadził|przeprowadzi|urodził|gram|jem)(?:[ \p{L}]))|\s+(?:i|a|ale) (?=(?:mieszkam|pracuję|mam|jestem|nie lubię|nie jem|nazywam|mój|moja|moje|nasz|nasza|przeprowadził) ?)/iu,
  tail: /,\s+(?=(?:co|gdzie|jak|jaki|jaka|jakie|czy|który|która|ile|kiedy|masz) )/iu,
  noLonger: [/^już nie (?<before>\p{L}+) (?<after>.+)$/iu, /^nie (?<before>\p{L}+) już (?<after>.+)$/iu],
  claims: [
    single("name", `(?:ja )?(?:mam na imię|nazywam się) ${value}`),
    single("name", `moje (?:imię|nazwisko)(?: to| jest|:)? ${value}`),
    single("name", `(?:mów|mówcie|możesz mówić) (?:do mnie|mi) ${value}`),
    single("name", `${own} (?:ma na imię|mają na imię|nazywa się|nazywają się|wabi się|to) ${value}`),
    single("lives_in", `(?:ja |my )?${adverb}mieszka(?:m|my) ${adverb}${place} ${value}`),
    single("lives_in", `${we}przeprowadzi(?:łem|łam|liśmy|łyśmy) się (?:z .+ )?(?:do|na|w|nad) ${value}`),
    single("lives_in", `${own} ${adverb}mieszka(?:ją)? ${place} ${value}`),
    single("comes_from", `(?:jestem|jesteśmy|pochodzę|pochodzimy) (?:z|ze) ${value}`),
    single("born", `(?:${own} )?urodził(?:em|am|a)? się ${value}`),
    single("birthday", `mam (?:urodziny|imieniny) ${value}`),
    single("works_as", `(?:ja |${own} )?${adverb}pracuj(?:ę|e|emy|ą) jako ${value}`),
    several("works", `(?:ja |my |${own} )?${adverb}pracuj(?:ę|e|emy|ą) ${value}`),
    several(
      "is",
      "(?:ja )?jestem (?<value>(?:uczulon[ya] na .+|uczulon[ya]|wegetarian(?:inem|ką)|wegan(?:inem|ką)|cukrzyk\\p{L}+|diabety\\p{L}+|alergi\\p{L}+|leworęczn[ya]|praworęczn[ya]|żonaty|mężatką|rozwiedzion[ya]|singl\\p{L}+|zaręczon[ya]|w ciąży|na emeryturze|na diecie .+|po ślubie|bezrobotn[ya]))",
    ),
    several("is", "(?:ja )?jestem (?<value>\\p{L}+(?:em|ką|istą|ystą|arką|orką|lożką|yczką)(?: .+)?)"),
    single("age", "mam (?<value>\\d+ lat(?:a)?).*"),
    single(
      "value",
      `(?:mój |nasz )?now(?:y|e) (?<subject>adres|numer(?: telefonu)?|telefon|mail|e-mail)(?: to|:) ${value}`,
    ),
    several("allergy", `(?:mam|mamy) (?<value>(?:uczulenie|alergię|nietolerancję) .+)`),
    negated(
      "likes",
      `(?:ja )?${adverb}(?:nie (?:lubię|lubimy|znoszę|cierpię|przepadam za|kocham)|nienawidzę|nienawidzimy) (?!tego|tej|gdy|kiedy|jak)${value}`,
    ),
    several(
      "likes",
      `(?:ja |my )?${adverb}(?:lubię|lubimy|kocham|kochamy|uwielbiam|uwielbiamy|wolę|wolimy|preferuję) (?!cię|to\\b|tę|ten|gdy|kiedy|jak)${value}`,
    ),
    negated(
      "does",
      "nie (?<value>(?:mogę (?:jeść|pić|spożywać)|jem|jemy|piję|pijemy|palę|jadam|toleruję|używam|noszę|oglądam|gram|jeżdżę|mam (?:psa|kota|dzieci|samochodu|prawa jazdy)) ?.*)",
    ),
    several(
      "does",
      "(?:ja )?(?<value>(?:zwykle|zawsze|zazwyczaj|często|rzadko|nigdy nie|regularnie|codziennie|na co dzień) (?:\\p{L}+ ){0,3}?\\p{L}+(?:ę|(?<!ł)am|(?<!ł)em|my)(?: .*)?)",
    ),
    several(
      "does",
      "(?:ja |my )?(?<value>(?:jadam|jem|piję|gram|gramy|mówię po|uczę się|uczę|studiuję|jeżdżę|biegam|noszę|zbieram|trenuję|ćwiczę|wstaję|chodzę|parkuję|palę|hoduję) .+)",
    ),
    several(
      "has",
      `(?:mam|mamy) (?:z \\p{L}+ )?(?<value>(?:${count} (?:\\p{L}+ ){0,2}?(?:${possession}|${kept}).*|${kept}.*))`,
    ),
    single(
      "place",
      `${changed("(?:przenie(?:śli|s|sł|ś)|przestawi)")} ${phrase("subject")} (?:do|na|w|pod|obok) ${value}`,
    ),
    single("kind", `${changed("(?:zmieni|zmieniali|wymieni|zamieni)")} ${phrase("subject")} na ${value}`),
    single("name", `${changed("(?:przemianowa|nazwa)")} ${phrase("subject")} (?:na )?${value}`),
    several("did", `(?<value>${changed("(?:kupi|sprzeda|adoptowa|zatrudni|ukończy)")} .+)`),
    several("likes", `${own} (?:lubi|lubią|uwielbia|woli|kocha) ${value}`),
    negated("likes", `${own} (?:nie (?:lubi|je|znosi|lubią)|nienawidzi) ${value}`),
    several(
      "does",
      `${own} (?<value>(?:chodzi|uczy się|studiuje|gra|jeździ|ma|mają|mówi po|zamyka|otwiera|zaczyna|wygasa|przechodzi|kończy|obchodzi|trenuje) .+)`,
    ),
    single("place", `${own} (?:jest|są|stoi|leży|wisi) (?:w|we|na|przy|pod|nad|koło|obok|u|za) ${value}`),
    several("is", `${own} (?:jest|są) (?<value>(?:uczulon\\p{L}+ .+|\\p{L}+(?:em|ką|istą|ystą|arką|orką)))`),
    single("value", `${own} (?:to|jest|są|wynosi|:) ${value}`),
    named(
      "relation",
      "(?<subject>\\p{Lu}[\\p{L}-]+(?: \\p{Lu}[\\p{L}-]+)?) (?:to|jest) (?<value>(?:mój|moja|moim|moją|nasz|nasza|naszym|naszą) .+)",
    ),
  ],
  passingSubject: anywhere(
    `pytanie|pytania|problem|problemy|kod|skrypt|błąd|prośba|plan|pomysł|opinia|zdaniem|głowa|brzuch|plecy|oczy|wina|hasło|pin|token|sekret|zadanie|
     wrażenie|zamiar|nadzieja|marzenie|humor|program|funkcja|tabela|test|odpowiedź|tekst|opowiadanie|postać|cel|karta|płatność|przelew|konto|zamówienie|paczka|rachunek|lot|rezerwacja|lista|budzik|kalendarz`.replace(
      /\n */g,
      "",
    ),
  ),
  passingValue: atStart(
    `nie|zepsut\\p{L}*|wolny|wolna|pełn\\p{L}*|pust\\p{L}*|zajęt\\p{L}*|chor[ya]|zmęczon\\p{L}*|głodn\\p{L}*|gotow\\p{L}*|spóźnion\\p{L}*|tutaj|tu|tam|dobrze|źle|bardzo|za|
     taki|taka|takie|tak|jak|co|że|czy|problemem|pytaniem|pod wrażeniem|pewien|pewna|tym|tego|sobą|siebie|w drodze|w trakcie|w stanie`.replace(
      /\n */g,
      "",
    ),
  ),
  relations: {
    siostra: "sister",
    siostry: "sister",
    brat: "brother",
    brata: "brother",
    mama: "mother",
    matka: "mother",
    tata: "father",
    ojciec: "father",
    żona: "wife",
    mąż: "husband",
    syn: "son",
    córka: "daughter",
    pies: "dog",
    kot: "cat",
    urodziny: "birthday",
    lekarz: "doctor",
    lekarka: "doctor",
    szef: "boss",
    szefowa: "boss",
    samochód: "car",
    auto: "car",
    mieszkanie: "home",
    dom: "home",
    adres: "address",
    rocznica: "anniversary",
  },
};
