import { describe, expect, test } from "vitest";
import { findIdentifiers } from "../../../platform/egress/recognisers/find-identifiers.ts";
import { recognisers } from "../../../platform/egress/recognisers/recogniser-list.ts";

const found = (text: string) =>
  findIdentifiers(text, recognisers, 10_000).map(({ start, end, kind }) => `${kind} ${text.slice(start, end)}`);

const joints = ["", " ", "  ", "   ", "\n", "\t", ".", "_", "/", "-", " - ", " / ", "\u00a0", "\r\n"];
const inGroups =
  (digits: string, ...sizes: readonly number[]) =>
  (joint: string) => {
    let at = 0;
    return sizes
      .map((size) => {
        at += size;
        return digits.slice(at - size, at);
      })
      .join(joint);
  };
const card = "4111111111111111";
const iban = "DE89370400440532013000";
const account = "61109010140000071219812874";
const pesel = "44051401359";
const spellings: readonly (readonly [kind: string, spell: (joint: string) => string])[] = [
  ["CARD", inGroups(card, 4, 4, 4, 4)],
  ["CARD", inGroups(card, 2, 2, 2, 2, 2, 2, 2, 2)],
  ["CARD", inGroups(card, ...[...card].map(() => 1))],
  ["CARD", inGroups("378282246310005", 4, 6, 5)],
  ["PESEL", inGroups(pesel, 6, 5)],
  ["PESEL", inGroups(pesel, ...[...pesel].map(() => 1))],
  ["IBAN", inGroups(iban, 4, 4, 4, 4, 4, 2)],
  ["IBAN", inGroups(account, 2, 4, 4, 4, 4, 4, 4)],
];

describe("however it is cut up", () => {
  test.each(spellings.flatMap(([kind, spell]) => joints.map((joint) => [kind, spell(joint)] as const)))(
    "a %s is found: %j",
    (kind, text) => {
      for (const around of [`It is ${text}.`, `numer: ${text}, dziękuję`, `номер ${text}`, `המספר ${text}`, text])
        expect(found(around)).toEqual([`${kind} ${text}`]);
    },
  );
});

describe("with a label that touches it", () => {
  test.each(
    ["PESEL", "nr", "no", "id", "konto", "РНОКПП", "номер", "ת.ז.", "מספר", "x"].flatMap((label) => [
      [`${label}${pesel}`, `PESEL ${pesel}`],
      [`${label}${card}`, `CARD ${card}`],
      [`${label}:${card}`, `CARD ${card}`],
      [`${label}_${pesel}`, `PESEL ${pesel}`],
      [`${label}=${iban}`, `IBAN ${iban}`],
    ]),
  )("%s", (text, expected) => expect(found(text)).toEqual([expected]));

  test.each([
    [`${pesel}zł`, `PESEL ${pesel}`],
    [`${card}грн`, `CARD ${card}`],
    [`${pesel}ש`, `PESEL ${pesel}`],
    [`IBAN${iban}`, `IBAN ${iban}`],
    [`konto${iban}.`, `IBAN ${iban}`],
    ["NIP1234563218", "NIP 1234563218"],
    ["REGON123456785", "REGON 123456785"],
    ["SSN460-89-9847", "SSN 460-89-9847"],
    ["РНОКПП3184710691", "TAX_ID 3184710691"],
  ])("%s", (text, expected) => expect(found(text)).toEqual([expected]));
});

test.each([
  "anna%40example.com",
  "anna%2540example.com",
  "anna&#64;example.com",
  "anna(at)example.com",
  "anna [at] example.com",
  "anna [at] example [dot] com",
  "anna {małpa} example.com",
  "anna(собака)example.com",
  "anna [שטרודל] example.com",
])("an address is found as wary people and URLs write it: %s", (text) => {
  expect(found(`mail ${text} now`)).toEqual([`EMAIL ${text}`]);
});

test.each([
  ["PIN: 4821", "4821"],
  ["my pin is 4821", "4821"],
  ["PIN 4821", "4821"],
  ["CVV 123", "123"],
  ['{"pin": "4821"}', "4821"],
  ["the door code is 2580", "2580"],
  ["verification code: 482 193", "482 193"],
  ["kod PIN to 4821", "4821"],
  ["kod do bramy 2580", "2580"],
  ["hasło 482193", "482193"],
  ["пін-код 4821", "4821"],
  ["код доступу: 2580", "2580"],
  ["קוד סודי 4821", "4821"],
  ["הקוד הסודי: 4821", "4821"],
  ["password hunter2", "hunter2"],
  ["my password hunter2!", "hunter2!"],
  ["hasło Tajne123", "Tajne123"],
  ["пароль qwerty123", "qwerty123"],
  ["סיסמה abc12345", "abc12345"],
])("a secret is found behind its word: %s", (text, secret) => {
  expect(found(text)).toEqual([`SECRET ${secret}`]);
});

describe("harmless text that is left alone", () => {
  test.each([
    "12.05.2026 14.30 and 2026/05/13 09:00, 19.05.2026 - 21.05.2026",
    "1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16",
    "10.5 11.2 12.8 13.1\n14.2 15.0 16.7 17.3",
    "2012 2013 2014 2015 2016\n2017\n2018",
    "commit 550e8400e29b41d4a716446655440000, uuid 550e8400-e29b-41d4-a716-446655440000",
    "etag W/4f2d44051401359ab0, id 9f44051401359c",
    "The pin on the map is 3 km away; pinned 12 notes; the code is in file 42.",
    "password reset, password sha256 hash, a password of 12 characters",
    "hasło dnia, parol de honor, пароль від застосунку",
    "at (at noon) the market, 50%40 split, look [at] this",
    "SAPO AA 12345 is no box",
    "latitude 52.2297 longitude 21.0122, 3.14159265358979, version 1.2.3.4444",
    "You are Athena, a careful assistant. Athena answers.",
    "athena says hello",
  ])("%s", (text) => expect(found(text)).toEqual([]));
});

test.each([
  "1 ",
  "12/",
  "4111  ",
  "4111\n",
  "PL12.",
  "a%40",
  " [at] ",
  "pin 1 ",
  "password ",
  "password a1",
  "44051401359a",
  "a(at)b[dot]",
])("100 KB of %j are looked through in linear time", (piece) => {
  const text = piece.repeat(Math.ceil(100_000 / piece.length)).slice(0, 100_000);
  const started = process.cpuUsage();
  try {
    findIdentifiers(text, recognisers, 2_000);
  } catch {
    expect("in time").toBe("out of time");
  }
  const { user, system } = process.cpuUsage(started);
  expect((user + system) / 1_000).toBeLessThan(1_500);
});
