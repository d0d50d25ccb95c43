import { describe, expect, test } from "vitest";
import { wrongResult } from "../../../../nodes/validation/records/wrong-result.ts";
import { groundOf } from "../../../support/ground-of.ts";

const matchOf = (home: string, away: string, homeScore?: number, awayScore?: number) => ({
  service: "sports",
  title: `${home} – ${away}`,
  data: { kind: "match", match: { home, away, ...(homeScore === undefined ? {} : { homeScore, awayScore }) } },
});
const english = groundOf([matchOf("Leeds United", "Norwich City", 2, 0), matchOf("Hull City", "Leeds United")]);
const polish = groundOf([matchOf("Wisła Kraków", "Ruch Chorzów", 1, 3)]);
const ukrainian = groundOf([matchOf("Карпати", "Верес", 1, 0)]);
const hebrew = groundOf([matchOf("בני יהודה", "הפועל רעננה", 0, 2)]);

describe("who won against whom", () => {
  test.each([
    [english, "Norwich beat Leeds 2–0."],
    [english, "Leeds lost 2–0 to Norwich."],
    [english, "Leeds were beaten by Norwich."],
    [english, "Leeds won 2–0 away at Norwich."],
    [polish, "Wisła wygrała z Ruchem 3:1."],
    [polish, "Ruch pokonał Wisłę u siebie 3:1."],
    [polish, "Ruch przegrał z Wisłą 1:3."],
    [polish, "Wisła prowadzi 3:1 z Ruchem."],
    [ukrainian, "Верес переміг Карпати 1:0."],
    [ukrainian, "Карпати програли Вересу 0:1."],
    [hebrew, "בני יהודה ניצחה את הפועל רעננה 2:0."],
    [hebrew, "רעננה הפסידה לבני יהודה 2:0."],
  ])("is refused turned round (%#: %s)", (ground, sentence) => {
    expect(wrongResult(sentence, ground)).toBeDefined();
  });

  test.each([
    [english, "Leeds beat Norwich 2–0 at home."],
    [english, "Norwich lost 2–0 away to Leeds."],
    [english, "Norwich were beaten by Leeds."],
    [english, "Leeds beat Norwich, and Hull are next."],
    [english, "Norwich did not beat Leeds."],
    [polish, "Wisłę pokonał Ruch."],
    [polish, "Ruch wygrał na wyjeździe z Wisłą 3:1."],
    [polish, "Ruch ma punkt straty do prowadzącej Wisły."],
    [ukrainian, "Карпати перемогли Верес удома 1:0."],
    [hebrew, "הפועל רעננה ניצחה את בני יהודה 2:0."],
  ])("stays as it was (%#: %s)", (ground, sentence) => {
    expect(wrongResult(sentence, ground)).toBeUndefined();
  });
});
