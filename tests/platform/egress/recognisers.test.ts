import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { findIdentifiers } from "../../../platform/egress/recognisers/find-identifiers.ts";
import { recognisers } from "../../../platform/egress/recognisers/recogniser-list.ts";

const found = (text: string) =>
  findIdentifiers(text, recognisers, 10_000).map(({ start, end, kind }) => `${kind} ${text.slice(start, end)}`);

describe("identifiers that are found", () => {
  test.each([
    ["mail anna.kowalska+x@poczta.example.pl.", "EMAIL anna.kowalska+x@poczta.example.pl"],
    ["call +48 601 234 567 now", "PHONE +48 601 234 567"],
    ["zadzwoń: 601-234-567", "PHONE 601-234-567"],
    ["телефон 067 123 45 67", "PHONE 067 123 45 67"],
    ["טלפון 054-123-4567", "PHONE 054-123-4567"],
    ["US (212) 555-0123 x12", "PHONE (212) 555-0123 x12"],
    ["IBAN DE89 3704 0044 0532 0130 00, please", "IBAN DE89 3704 0044 0532 0130 00"],
    ["konto 61 1090 1014 0000 0712 1981 2874", "IBAN 61 1090 1014 0000 0712 1981 2874"],
    ["card 4111 1111 1111 1111", "CARD 4111 1111 1111 1111"],
    ["amex 378282246310005", "CARD 378282246310005"],
    ["PESEL 44051401359", "PESEL 44051401359"],
    ["PESEL 440514 01359", "PESEL 440514 01359"],
    ["NIP 123-456-32-18", "NIP 123-456-32-18"],
    ["NIP PL1234563218", "NIP 1234563218"],
    ["dowód ABA300000", "ID ABA300000"],
    ["REGON 123456785", "REGON 123456785"],
    ["ת.ז. 000000018", "ID 000000018"],
    ["РНОКПП 3184710691", "TAX_ID 3184710691"],
    ["SSN: 460-89-9847", "SSN 460-89-9847"],
    ["my social security number 460899847", "SSN 460899847"],
    ["host 192.168.1.17:8080", "IP 192.168.1.17"],
    ["host fe80::1ff:fe23:4567:890a", "IP fe80::1ff:fe23:4567:890a"],
    ["see https://bob:hunter2@example.com/x now", "URL https://bob:hunter2@example.com/x"],
    ["see https://example.com/x?token=abc123", "URL https://example.com/x?token=abc123"],
    ["key sk-proj-abcdefghijklmnop1234", "SECRET sk-proj-abcdefghijklmnop1234"],
    ["AKIAIOSFODNN7EXAMPLE it is", "SECRET AKIAIOSFODNN7EXAMPLE"],
    ["ghp_abcdefghijklmnopqrstuvwxyz0123456789", "SECRET ghp_abcdefghijklmnopqrstuvwxyz0123456789"],
    ["Authorization: Bearer abcdefghijklmnop", "SECRET abcdefghijklmnop"],
    ["password: correct-horse", "SECRET correct-horse"],
    ["hasło to Tajne123", "SECRET Tajne123"],
    ["my name is Anna Kowalska and", "PERSON Anna Kowalska"],
    ["мене звати Олена", "PERSON Олена"],
    ["at 221b Baker Street, London", "ADDRESS 221b Baker Street"],
    ["ul. Długa 12/3", "ADDRESS ul. Długa 12/3"],
    ["вул. Хрещатик, 22", "ADDRESS вул. Хрещатик, 22"],
    ["רחוב הרצל 10", "ADDRESS רחוב הרצל 10"],
  ])("%s", (text, expected) => expect(found(text)).toEqual([expected]));

  test("a private key block is hidden whole, and to the end when it never ends", () => {
    const block = "-----BEGIN RSA PRIVATE KEY-----\nabc\n-----END RSA PRIVATE KEY-----";
    expect(found(`x ${block} y`)).toEqual([`SECRET ${block}`]);
    expect(found("-----BEGIN PRIVATE KEY-----\nabc")).toEqual(["SECRET -----BEGIN PRIVATE KEY-----\nabc"]);
  });

  test.each([
    ["4405\u200b1401359", "zero-width characters"],
    ["٤٤٠٥١٤٠١٣٥٩", "Arabic digits"],
    ["４４０５１４０１３５９", "full-width digits"],
    ["440514\u00a001359", "no-break space"],
    ["440514\u201301359", "dash of another kind"],
  ])("%s does not hide behind %s", (text) => expect(found(`nr ${text}.`)).toEqual([`PESEL ${text}`]));

  test("an address hides behind nothing full-width either", () => {
    expect(found("anna＠example.com")).toEqual(["EMAIL anna＠example.com"]);
  });
});

describe("harmless text that is left alone", () => {
  test.each([
    "What is 17 % of 2,340 and 3.14159265358979?",
    "The meeting is on 12.05.2026 at 14:30, or 2026-05-13 09:00.",
    "PESEL 44051401358, card 4111 1111 1111 1112, IBAN DE89 3704 0044 0532 0131 00",
    "commit 550e8400e29b41d4a716446655440000 and uuid 550e8400-e29b-41d4-a716-446655440000",
    "std::vector and a ratio of 1:2:3, version 1.2.3, https://example.com/a?page=2",
    "Is the token invalid? The secret of good soup is time.",
    "Weather in New York and Kraków, flight LO281, airport EPGD",
  ])("%s", (text) => expect(found(text)).toEqual([]));
});

describe("speed", () => {
  const patterns = [
    "a",
    "@",
    "a@b.",
    "1",
    "1 ",
    "12 ",
    "123-",
    "+1 ",
    "eyJ-",
    "sk-",
    "://a",
    "ul. a ",
    "1 A ",
    "PL12 ",
    "1:",
    "password:",
    "https://a:b@c/",
    "Mr. Ab ",
    "\u200b1",
    "٣",
    "вул. а ",
    "1.1.1.",
    "(",
    "Anna Kowalska ",
    "Аня ",
    "משה כהן ",
    "Rue A, ",
    "12345 Ab 1",
    "abcdefghij",
    "601 234 567 ",
    "D'",
    "Xyzzy Qwert\n",
    "my name is a ",
  ];

  test.each(patterns)("100 KB of %j is looked through, or given up, in time", (pattern) => {
    const text = pattern.repeat(Math.ceil(100_000 / pattern.length)).slice(0, 100_000);
    const started = performance.now();
    try {
      findIdentifiers(text, recognisers, 50);
    } catch (error) {
      expect(String(error)).toContain("out of time");
    }
    // Wide of the 50 ms budget because the machine may be busy; a quadratic pattern takes minutes.
    expect(performance.now() - started).toBeLessThan(1_000);
  });

  test("time grows no faster than the text does", () => {
    const sentence = "Dear Anna, on 12.05.2026 call +48 601 234 567 or write to anna@example.com from 10.0.0.1. ";
    const timed = (length: number) => {
      const text = sentence.repeat(Math.ceil(length / sentence.length));
      const started = performance.now();
      findIdentifiers(text, recognisers, 60_000);
      return performance.now() - started;
    };
    timed(100_000);
    expect(timed(800_000)).toBeLessThan(40 * Math.max(timed(100_000), 2));
  });
});

test("spans are always in order, apart, and inside the text", () => {
  const piece = fc.constantFrom(
    "anna@example.com",
    "+48 601 234 567",
    "4111 1111 1111 1111",
    "😀",
    "\u200b",
    "٣",
    " ",
    "x",
    "https://a:b@c.d/",
    "sk-",
  );
  fc.assert(
    fc.property(
      fc.array(fc.oneof(piece, fc.string({ unit: "grapheme", maxLength: 6 })), { maxLength: 12 }),
      (parts) => {
        const text = parts.join("");
        let at = 0;
        for (const { start, end } of findIdentifiers(text, recognisers, 10_000)) {
          expect(start).toBeGreaterThanOrEqual(at);
          expect(end).toBeGreaterThan(start);
          at = end;
        }
        expect(at).toBeLessThanOrEqual(text.length);
      },
    ),
  );
});
