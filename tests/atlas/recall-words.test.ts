import { expect, test } from "vitest";
import { matchTerms, meaningfulWords, stemOf } from "../../atlas/recall-words.ts";

test("keeps the words that carry meaning, once each, in any language", () => {
  expect(meaningfulWords("What did I tell you about my Dentist, the dentist?")).toEqual(["dentist"]);
  expect(meaningfulWords("Co mówiłam o wizycie w Łodzi?")).toEqual(["wizycie", "łodzi"]);
  expect(meaningfulWords("Що я казала про зустріч?")).toEqual(["зустріч"]);
  expect(meaningfulWords("מה אמרתי על הפגישה")).toEqual(["הפגישה"]);
});

test("falls back on common words when there are no others, and gives none for none", () => {
  expect(meaningfulWords("who are you")).toEqual(["who", "are", "you"]);
  expect(meaningfulWords("?! …")).toEqual([]);
});

test("counts the word itself fully, another form less, anything else not", () => {
  const terms = ["meeting", "cat"].map((word) => ({ word, stem: stemOf(word) }));
  expect(matchTerms(terms, "The MEETING with a cat")).toEqual([1, 1]);
  expect(matchTerms(terms, "two meetings, many cats")).toEqual([0.7, 0.7]);
  expect(matchTerms(terms, "concatenate")).toEqual([0, 0]);
});
