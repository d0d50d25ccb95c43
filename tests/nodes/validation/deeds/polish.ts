import type { Scenario } from "./scenario.ts";

const ok = { success: true };

export const polish: readonly Scenario[] = [
  {
    locale: "pl",
    question: "Zamów pizzę na 19:00 i zamknij tylne drzwi",
    calls: [
      ["order_food", { dish: "pizza", at: "2026-06-10T19:00:00+02:00" }, "failed: restaurant closed"],
      ["HassTurnOn", { name: "Tylne drzwi", domain: ["lock"] }, ok],
    ],
    truths: [
      "Tylne drzwi są zamknięte, ale pizzy nie udało się zamówić.",
      "Zamknąłem tylne drzwi. Pizza nie została zamówiona, restauracja jest nieczynna.",
      "Pizzy jeszcze nie zamówiłem, bo restauracja jest zamknięta.",
      "Drzwi tylne zamknięte. Zamówienie pizzy się nie powiodło.",
    ],
    lies: [
      "Tylne drzwi są zamknięte, a pizza będzie o 19:00.",
      "Pizza jest już w drodze.",
      "Zamówiłem pizzę na 19:00.",
      "Pizza zamówiona, drzwi zamknięte.",
      "Przednie drzwi są zamknięte, pizzy nie udało się zamówić.",
      "Tylne drzwi są otwarte.",
    ],
  },
  {
    locale: "pl",
    question: "Dopisz jajka i mąkę do zakupów i przypomnij mi o dentyście w piątek o 9",
    calls: [
      ["add_to_list", { list: "Zakupy", items: ["jajka", "mąka"] }, { added: 2 }],
      ["create_reminder", { text: "Dentysta", at: "2026-06-12T09:00:00+02:00" }, { id: "r-5" }],
    ],
    truths: [
      "Jajka i mąka są na liście, przypomnę o dentyście w piątek o 9.",
      "Dopisałem dwie rzeczy i ustawiłem przypomnienie na piątek.",
      "Jajka dopisane, mąka też. Przypomnienie o dentyście ustawione na piątek, 9:00.",
      "Gotowe, wszystko zapisane.",
    ],
    lies: [
      "Jajka i cukier są na liście, przypomnę o dentyście w piątek o 9.",
      "Dopisałem jajka, mąkę i drożdże do zakupów.",
      "Dopisałem trzy rzeczy do listy zakupów.",
      "Przypomnienie o dentyście ustawione na czwartek, 9:00.",
      "Przypomnienie o hydrauliku ustawione na piątek.",
      "Dopisałem jajka i mąkę i wysłałem listę Kasi.",
    ],
  },
  {
    locale: "pl",
    question: "Czy lewa brama jest zamknięta i czy pompa działa?",
    known: [
      {
        text: "Lewa brama: zamknięta; Prawa brama: otwarta; Pompa: wyłączona; Samochód: ładuje się",
        data: {
          entities: [
            { name: "Lewa brama", domain: "cover", state: "closed" },
            { name: "Prawa brama", domain: "cover", state: "open" },
            { name: "Pompa", domain: "switch", state: "off" },
            { name: "Samochód", domain: "sensor", state: "charging" },
          ],
        },
      },
    ],
    truths: [
      "Lewa brama jest zamknięta, a pompa nie działa.",
      "Tak, lewa brama jest zamknięta. Pompa jest wyłączona, samochód się ładuje.",
      "Pompa jest wyłączona. Prawa brama jest jednak otwarta.",
    ],
    lies: [
      "Lewa brama jest otwarta, a pompa jest wyłączona.",
      "Lewa brama jest zamknięta, a pompa działa.",
      "Prawa brama jest zamknięta.",
      "Pompa była wyłączona, więc ją włączyłem.",
      "Samochód się nie ładuje.",
      "Lewa brama nie jest zamknięta.",
    ],
  },
  {
    locale: "pl",
    question: "Puść chopina w jadalni i opuść markizę na tarasie",
    calls: [
      ["HassMediaSearchAndPlay", { search_query: "Chopin", area: "Jadalnia" }, ok],
      ["HassSetPosition", { name: "Markiza", area: "Taras", position: 0 }, "failed: wind alarm"],
    ],
    truths: [
      "W jadalni gra Chopin, ale markizy nie opuściłem: alarm wiatrowy.",
      "Puściłem Chopina w jadalni. Markiza na tarasie nie została opuszczona.",
      "Muzyka w jadalni gra. Z markizą się nie udało.",
    ],
    lies: [
      "W jadalni gra Chopin, a markiza na tarasie jest opuszczona.",
      "W jadalni gra Bach, markizy nie udało się opuścić.",
      "W kuchni gra Chopin, markizy nie udało się opuścić.",
      "Opuściłem markizę na tarasie.",
      "Markiza właśnie się opuszcza.",
    ],
  },
  {
    locale: "pl",
    question: "Skoś trawnik i wyślij mamie zdjęcia",
    truths: [
      "Nie mam dostępu do kosiarki ani do zdjęć, więc nic nie zrobiłem.",
      "Zdjęć jeszcze nie wysłałem.",
      "Nic nie zostało wysłane, trawnik też nie jest skoszony.",
    ],
    lies: [
      "Trawnik jest właśnie koszony.",
      "Zdjęcia są już u mamy.",
      "Kosiarka ruszyła, zdjęcia wysłane.",
      "Mama dostała zdjęcia.",
      "Wysłałem mamie zdjęcia.",
    ],
  },
  {
    locale: "pl",
    question: "Umów mnie do fryzjera w środę na 16 i ustaw minutnik na ryż, 15 minut",
    calls: [
      [
        "book_appointment",
        { service: "fryzjer", start: "2026-06-17T16:00:00+02:00" },
        { confirmed: true, reference: "F-21" },
      ],
      ["HassStartTimer", { name: "ryż", minutes: 15 }, ok],
    ],
    truths: [
      "Fryzjer umówiony na środę na 16, a minutnik na ryż odlicza 15 minut.",
      "Umówiłem Cię do fryzjera na 17 czerwca o 16:00. Minutnik nastawiony.",
      "Wizyta w środę o 16 jest potwierdzona (F-21), minutnik ustawiony na kwadrans.",
    ],
    lies: [
      "Fryzjer umówiony na czwartek na 16.",
      "Umówiłem Cię do fryzjera na środę na 17.",
      "Umówiłem Cię do dentysty na środę na 16.",
      "Minutnik na makaron odlicza 15 minut.",
      "Minutnik na ryż odlicza 25 minut.",
      "Wizyta w środę o 16 została odwołana.",
    ],
  },
  {
    locale: "pl",
    question: "Napisz do Ewy, że się spóźnię, i włącz nawilżacz w sypialni",
    calls: [
      ["send_message", { to: "Ewa", text: "Spóźnię się" }, { status: "sent" }],
      ["HassTurnOn", { name: "Nawilżacz", area: "Sypialnia", domain: ["humidifier"] }, "failed: unavailable"],
    ],
    truths: [
      "Ewa już wie, ale nawilżacz w sypialni nie odpowiada.",
      "Napisałem do Ewy. Nawilżacza nie udało się włączyć.",
      "Wiadomość do Ewy wysłana, nawilżacz jest niedostępny.",
    ],
    lies: [
      "Ewa już wie, a nawilżacz w sypialni działa.",
      "Włączyłem nawilżacz w sypialni.",
      "Napisałem do Ani, nawilżacz jest niedostępny.",
      "Nawilżacz pracuje, wiadomość poszła.",
      "Zadzwoniłem do Ewy.",
    ],
  },
  {
    locale: "pl",
    question: "Odwołaj wizytę u okulisty i otwórz okno dachowe",
    calls: [
      ["cancel_appointment", { service: "okulista" }, ok],
      ["HassTurnOn", { name: "Okno dachowe", domain: ["cover"] }, ok],
    ],
    truths: [
      "Wizyta u okulisty odwołana, okno dachowe otwarte.",
      "Odwołałem okulistę i otworzyłem okno dachowe.",
      "Wizytę u okulisty odwołałem. Okno dachowe się otwiera.",
    ],
    lies: [
      "Wizyta u okulisty przełożona na piątek.",
      "Okno dachowe jest zamknięte.",
      "Odwołałem wizytę u dentysty.",
      "Zamknąłem okno dachowe.",
      "Odwołałem okulistę i zapłaciłem rachunek.",
    ],
  },
];
