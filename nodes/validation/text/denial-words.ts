/** Words of a closed class by language: whole words, or beginnings where they end in `*`. */
const tableOf = (rows: Readonly<Record<"en" | "pl" | "uk" | "he", string>>): RegExp => {
  const words = Object.values(rows)
    .flatMap((row) => row.split(/\s*,\s*/))
    .map((word) => word.replace(/\*$/, "\\p{L}*"));
  return new RegExp(`(?<![\\p{L}\\p{M}])(?:${words.join("|")})(?![\\p{L}\\p{M}])`, "iu");
};

/** A clause with one of these tells that something is not so, did not work, or stays as it was. */
const denials = tableOf({
  en: "no, not, cannot, \\p{L}+n['’]t, never, nothing, none, neither, nor, without, unable, un(?:available|reachable|successful\\p{L}*), fail*, offline, down, error*, reject*, declin*, refus*, den(?:y|ied), forbidden, blocked, stuck, jam*, busy, taken, full\\p{L}*, timed out, timeout, unfortunately, sorry, still, remain*, problem*, trouble, impossible, missing, unresponsive, silent, disconnected, unchanged, instead of, lack*",
  pl: "nie, nic, żad*, ani, bez, brak*, niedostępn*, nieczynn*, nieuda*, niepowodz*, błąd, błęd*, awari*, odrzuc*, odmów*, zablokowan* przez, zajęt*, zacią*, zaci[nę]*, milcz*, niestety, przykro, nadal, wciąż, dalej, pozosta*, problem*, kłopot*, offline, przekroczon*, niemożliw*",
  uk: "не, ні, ніщо, нічого, ніч\\p{L}+, жод*, немає, нема, без, бракує, недоступн*, неможлив*, невда*, помилк*, збій, збо[їя]*, відхил*, відмов*, зайнят*, застряг*, заїло, мовчить, мовчать, жаль, шкода, досі, усе ще, все ще, залиш*, проблем*, офлайн, навпаки",
  he: "לא, ולא, שלא, אין, ואין, שאין, אינ\\p{L}+, טרם, בלי, ללא, כלום, שום, אף, נכשל*, תקול*, תקלה, שגיאה, תקוע*, נתקע*, חסום*, חסומה, תפוס*, סירב*, נדח\\p{L}+, לצערי, מצטער*, עדיין, נותר*, נשאר*, בעיה, שותק*, מנותק*, בלתי",
});

/** A clause with one of these offers, wishes, asks for, tries or supposes something. */
const offers = tableOf({
  en: "\\p{L}+['’]d, have to, has to, can, could, would, should, shall, may, might, must, if, unless, once, when, whenever, until, before, try, tried, trying, attempt*, want*, need*, please, let me, let us, ready to, about to, how to, in order to, do you, which, whether",
  pl: "mogę, możesz, może, możemy, można, mógłb*, mogłab*, czy, jeśli, jeżeli, gdyby*, gdy, kiedy, dopóki, zanim, próbowa*, spróbuj*, chcesz, chciał*, proszę, trzeba, muszę, należy, aby, żeby, powin*, potrzebuj*, który*, jak",
  uk: "можу, можеш, можете, може, можемо, можна, чи, якби, якщо, коли, доки, перш, намага*, спробу*, хоч\\p{L}+, прошу, будь ласка, треба, потрібн*, мушу, слід, аби, щоб, варто, котр*, як",
  he: "יכול, יכולה, אוכל, תוכל*, אפשר, ניתן, האם, אם, כדי, כש\\p{L}+, כאשר, עד ש\\p{L}+, לפני, ניסיתי, אנסה, לנסות, רוצה, רוצים, תרצ*, צריך, צריכה, כדאי, בבקשה, איך, באיזה, איזה",
});

/** Whether a text denies, or tells of failure. */
export const denies = (text: string): boolean => denials.test(text);

/** Whether a text only offers, tries or supposes. */
export const offersOnly = (text: string): boolean => offers.test(text);

/** Negations proper, directly of what follows them. */
export const negations =
  /^(?:not|never|nie|не|לא|אינו|אינה|אינם|isn't|aren't|wasn't|weren't|isn’t|aren’t|wasn’t|weren’t|doesn't|don't|didn't)$/;
