/**
 * Folded names of places that are ordinary words, months or first names as well. Inside a text they name a place only in
 * capitals and after a preposition ("in Nice").
 */
export const commonWords: ReadonlySet<string> = new Set(
  [
    // English
    "of is as at and the can may march august april june nice most same come split reading mobile orange bath police",
    "salt sale hope normal central union eagle surprise corona best deal hull wells ware rugby crow boulder enterprise",
    "independence paradise home house garden city lead male man men made manga media news date data none many much more here",
    "wake cold sun moon rain snow storm river lake beach ocean north south east west market bar beer wine rice pasta apple",
    "victoria charlotte florence austin jordan jackson lincoln madison chelsea linda diana adam van von lima mary james",
    "batman hit bad war hell love peace fun big long same sit sat son tan tel ten tyre bush bury nelson logan kent dover",
    "moscow mule troy trim trail alma alba lens metro auto rio real mesa nova aurora phoenix florida georgia california",
    "texas virginia washington monday friday saturday sunday bra buy bay mali china india cuba peru japan mexico brest",
    "green liberty papa evans delta allen george maria anna mary david young martin douglas spring springs bear name save",
    "gold pop manage since montana colorado carolina delaware soul moore wilson turn goes never ray notting hill columbia",
    "warren wayne russell marshall clinton hollywood monster bone title chin vincent harrison morris taylor wheeling royal human paramount",
    // Polish
    "bez dom ile kim mi nam nas nie pila pole rano rana raz jest jak jaka jutro dzis sa to tam ta te ten wada wola lato zima",
    "brzeg brzegu bolu kota most lot kot kolonia sala gra masa mleko woda maj sobota piatek sierpnia maja moze mam ma da dam dala dni dnia duza",
    "tak nowa nowy stara stary gora gory las bari bar sport sen ser teraz wieczor gdzie kiedy dobra dobry mila para parada",
    "pogoda temperatura lima panama brama sanok mielec rada rodos skala slonce start stan tury ustka wisla zory zary",
    // Ukrainian
    "суми мости порт місто день ліс море рим рано зима літо новий нова стан час як де коли буде мир вода бар",
    // Hebrew
    "רחובות לוד יפו צור עיר בית גן ים הוד אור בר רמה ערד שפרעם מגדל",
  ]
    .join(" ")
    .split(" "),
);

/** Folded words after which a place is likely. */
export const prepositions: ReadonlySet<string> = new Set(
  (
    "in at near for from to around of w we z ze do od dla kolo pod nad na przez przy okolice okolicach " +
    "у в до з із зі для біля під на від"
  ).split(" "),
);

/** Folded words that stand before a place's name and are no part of it. */
export const fillers: ReadonlySet<string> = new Set(
  "the city town of miasto miasta miescie miastem місто місті міста העיר".split(" "),
);
