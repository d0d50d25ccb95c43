import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { instrumentNamed, instrumentsOfTicker } from "../../../rag-services/stocks/instruments.ts";

const symbols = (ticker: string, locale = "en") => instrumentsOfTicker(ticker, locale).map(({ symbol }) => symbol);

describe("tickers", () => {
  test.each([
    ["AAPL", ["aapl.us"]],
    ["aapl.us", ["aapl.us"]],
    ["$TSLA", ["tsla.us"]],
    ["BRK.B", ["brk-b.us"]],
    ["PKO.WA", ["pko.pl"]],
    ["VOW3.DE", ["vow3.de"]],
    ["^SPX", ["^spx"]],
    ["WIG20", ["wig20"]],
    ["EUR/USD", ["eurusd"]],
    ["EURUSD=X", ["eurusd"]],
    ["BTC", ["btcusd"]],
    ["BTC-USD", ["btcusd"]],
    ["XAU/PLN", ["xaupln"]],
    ["USD", ["usdpln"]],
    ["KGHM", ["kgh.pl"]],
    ["ZZZZ", ["zzzz.us"]],
    ["hello world", []],
    ["", []],
  ])("%s means %j", (ticker, expected) => {
    expect(symbols(ticker)).toEqual(expected);
  });

  test("a ticker of both markets is looked for first where the user's language is spoken", () => {
    expect(symbols("CAR", "en")).toEqual(["car.us", "car.pl"]);
    expect(symbols("CAR", "pl-PL")).toEqual(["car.pl", "car.us"]);
  });

  test("any text gives symbols that are safe in an address, or none", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 40 }), (text) => {
        for (const symbol of symbols(text)) expect(symbol).toMatch(/^\^?[a-z0-9][a-z0-9._/=-]*$/);
      }),
    );
  });
});

describe("names", () => {
  test.each([
    ["Apple", "aapl.us"],
    ["apple inc", "aapl.us"],
    ["Google", "googl.us"],
    ["Orlenu", "pkn.pl"],
    ["CD Projekt", "cdr.pl"],
    ["Eurocashu", "eur.pl"],
    ["S&P 500", "^spx"],
    ["the price of gold", "xauusd"],
    ["złota", "xauusd"],
    ["Bitcoina", "btcusd"],
    ["kurs euro do dolara", "eurusd"],
    ["dolar", "usdpln"],
    ["frank szwajcarski", "chfpln"],
    ["курс долара", "usdpln"],
  ])("%s means %s", (name, symbol) => {
    expect(instrumentNamed(name)?.symbol).toBe(symbol);
  });

  test("a name that only begins like a currency is none", () => {
    expect(instrumentNamed("Dollar Tree")).toBeUndefined();
    expect(instrumentNamed("qwertz")).toBeUndefined();
  });
});
