import { describe, expect, test } from "vitest";
import { readAskedActions } from "../../../nodes/untrusted/asked-actions.ts";

describe("only asks", () => {
  test.each([
    "Could you check whether the hall lamp is on?",
    "Could you please tell me if the door is locked",
    "Can you see if the lamp is on",
    "Would you mind checking my list? Is milk on it?",
    "I wonder whether the hall lamp is on.",
    "I was wondering if the door is open",
    "I'd like to know whether the heating is on",
    "I want to know what is playing",
    "tell me if the hall lamp is on",
    "Tell me how to lock and unlock the door",
    "Let me know if the garage is open.",
    "check the hall lamp",
    "Please check if the window is open",
    "status of the hall lamp",
    "hall lamp status",
    "the temperature in the kitchen",
    "Hey, is the hall lamp on",
    "hi athena is the hall lamp on",
    "Athena, is the hall lamp on",
    "Good morning, is the heating on",
    "ok so which lights are on",
    "Show me the lights that are on",
    "Hello, I wanted to ask if the pump runs",
    "give me the status of the hall lamp",
    "Podaj stan lampy",
    "Скажіть стан лампи",
    "Confirm whether the door is locked.",
    "Not sure if I left the oven on",
    "Any idea if the dishwasher is running",
    "Do you know if the lamp is on",
    "Możesz sprawdzić, czy lampa w holu jest włączona?",
    "Czy możesz mi powiedzieć, czy drzwi są zamknięte?",
    "powiedz mi czy lampa jest włączona",
    "Powiedz, czy drzwi są otwarte.",
    "sprawdź czy lampa jest włączona",
    "Sprawdź, proszę, lampę w holu.",
    "Hej, czy lampa jest włączona",
    "Dzień dobry, jaka jest temperatura",
    "stan lampy w holu",
    "Zastanawiam się, czy brama jest zamknięta.",
    "Chciałbym wiedzieć, czy piec działa",
    "Ciekawe, czy światło się świeci",
    "Nie wiem, czy zamknąłem okno",
    "скажи, чи увімкнена лампа",
    "Скажи мені, чи зачинені двері",
    "Перевір, чи лампа увімкнена.",
    "Можеш перевірити, чи двері зачинені?",
    "Чи можеш ти сказати, чи горить світло?",
    "Привіт, чи увімкнене світло",
    "Цікаво, чи зачинені ворота",
    "Хочу знати, чи працює опалення",
    "стан лампи в коридорі",
    "Подивись, чи вікно відчинене",
    "תגיד לי אם המנורה דולקת",
    "תגיד, האם הדלת נעולה",
    "תבדוק אם המנורה דולקת",
    "תוכל לבדוק אם הדלת סגורה?",
    "אפשר לדעת אם החימום פועל",
    "היי, האם המנורה דולקת",
    "מעניין אם השער סגור",
    "אני רוצה לדעת מה הטמפרטורה",
    "מצב המנורה במסדרון",
  ])("%s", (text) => {
    expect(readAskedActions(text)).toMatchObject({ onlyAsks: true });
    expect([...readAskedActions(text).families]).toEqual([]);
  });
});

describe("asks for something to be done", () => {
  test.each([
    ["Could you turn on the light, please?", ["switch"]],
    ["I wonder if you could turn on the lamp", ["switch"]],
    ["See if you can turn off the oven", ["switch"]],
    ["Hey, can you lock the door", ["switch"]],
    ["Do me a favour and turn off the lamp", ["switch"]],
    ["Would it be possible to turn off the lamp?", ["switch"]],
    ["Tell me whether the lamp is on and if so turn it off", ["switch"]],
    ["I'd like you to lock the door", ["switch"]],
    ["Athena, lock the door", ["switch"]],
    ["Please turn it off.", ["switch"]],
    ["Check whether the lamp is on, and turn it off.", ["switch"]],
    ["Check if the door is open and lock it", ["switch"]],
    ["Tell me if the lamp is on, then delete the list", ["delete"]],
    ["Możesz włączyć lampę?", ["switch"]],
    ["Hej, zgaś światło", ["switch"]],
    ["Sprawdź, czy lampa jest włączona, i wyłącz ją", ["switch"]],
    ["Chcę, żebyś usunął listę. Usuń ją.", ["delete"]],
    ["Можеш увімкнути лампу?", ["switch"]],
    ["Привіт, вимкни світло", ["switch"]],
    ["Перевір, чи лампа увімкнена, і вимкни її", ["switch"]],
    ["אתה יכול להדליק את האור?", ["switch"]],
    ["היי, כבה את האור", ["switch"]],
    ["תבדוק אם האור דולק, כבה אותו", ["switch"]],
    ["Set the brightness of the lamp to 20 %", ["create", "change"]],
    ["Tell Anna that I am late", ["send"]],
    ["Remember that I like tea", ["create"]],
  ])("%s", (text, families) => {
    const asked = readAskedActions(text);
    expect(asked.onlyAsks).toBe(false);
    expect([...asked.families]).toEqual(expect.arrayContaining(families));
  });

  test.each([
    "It's dark in here.",
    "Find the bug and fix it",
    "Check the tests and fix them",
    "Check if the tests pass, and correct the ones that do not; refactor the rest",
    "Check out the book",
    "Let me know when the laundry is done",
    "kitchen temperature 21",
    "Explain the code in a new document",
    "Show the weather on the kitchen display",
    "Make sure that the door is locked",
    "Upewnij się, że drzwi są zamknięte",
    "Ciemno tu.",
    "Тут темно.",
    "חשוך פה.",
  ])("and %s may", (text) => {
    expect(readAskedActions(text).onlyAsks).toBe(false);
  });
});

test.each([
  "hey ",
  "can you ",
  "tell me ",
  "check if ",
  "and turn ",
  "a, ",
  "status of ",
  "hey, i wonder if you can check ",
])("100 KB of %j take linear time", (piece) => {
  readAskedActions(piece.repeat(20));
  const started = process.cpuUsage();
  readAskedActions(piece.repeat(Math.ceil(100_000 / piece.length)));
  const { user, system } = process.cpuUsage(started);
  expect((user + system) / 1_000).toBeLessThan(500);
});
