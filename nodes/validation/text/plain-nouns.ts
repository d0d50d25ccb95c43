/** Nouns that name no particular thing: what calls are about is said with them in any answer. */
const words = `
  list lists shopping calendar device room house home music song songs tune tunes sound message note reminder timer alarm event meeting appointment reservation booking order item items thing things
  morning afternoon evening night noon midnight later moment start end delivery time day week while everything everyone everybody something anything request way now again today tonight tomorrow safe
  background volume level position setting settings mode degrees percent minutes seconds hours quarter half cart basket queue system app phone account track playlist album entry entries confirmation
  lista liście listę zakupów zakupy kalendarz kalendarza kalendarzu urządzenie pokoju domu muzyka muzykę piosenka wiadomość przypomnienie minutnik alarm budzik spotkanie wizyta wizytę termin rezerwacja
  rezerwację zamówienie pozycje pozycja rzeczy rano rana wieczór południe noc później chwilę chwila czas czasu dzień tydzień wszystko wszystkich resztę koszyka koszyk kwadrans pół połowę głośność tło tle telefon maksimum minimum full maksa
  список списку покупок покупки календар календаря календарі пристрій кімнату музика музику пісня повідомлення нагадування таймер будильник зустріч візит запис запису бронювання замовлення позиції пункти речі
  ранок вечір ніч полудень пізніше момент хвилину час часу день тиждень усе всіх решту кошик кошика чверть половину гучність телефон щойно максимум мінімум
  רשימה רשימת קניות יומן מכשיר חדר בית מוזיקה שיר שירים הודעה תזכורת טיימר שעון אזעקה פגישה תור הזמנה פריט פריטים דבר דברים בוקר ערב צהריים לילה מאוחר רגע סוף התחלה זמן יום שבוע הכל הכול כולם עגלה סל
  רבע חצי עוצמה רקע טלפון אישור שעה דקות מעלות אחוז`.split(/\s+/);
const nouns = new Set(words);

/** Whether a lower-case word names no particular thing; a Hebrew one also behind its prefixes. */
export const isPlainNoun = (word: string): boolean =>
  nouns.has(word) ||
  (/^[ובלמהש][א-ת]{2}/.test(word) &&
    (nouns.has(word.slice(1)) || nouns.has(word.slice(2)) || nouns.has(word.slice(3))));
