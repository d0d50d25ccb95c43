import { foldText } from "../../../platform/egress/recognisers/fold-text.ts";
import { baseForms } from "../../../platform/egress/recognisers/names/base-forms.ts";
import { foldWord } from "../../../platform/egress/recognisers/names/fold-word.ts";
import { loadWordTable, type WordTable, wordFlags } from "../../../platform/egress/recognisers/names/word-table.ts";
import { personName } from "../../../platform/egress/recognisers/person-name.ts";
import type { Recogniser } from "../../../platform/egress/recognisers/span.ts";
import { type FoundEntity, normaliseName, toEntity } from "../entity.ts";

const isName = wordFlags.given | wordFlags.surname;

/** The word of a name in its base form, where the table knows one: "Kowalskiego" is Kowalski. */
const baseOf = (written: string, table: WordTable): string => {
  const folded = foldWord(written);
  if (table(folded) & isName) return folded;
  for (const form of baseForms(folded)) if (table(form) & isName) return form;
  return folded;
};

/** The name under which a person is looked up: its words in their base forms. */
export const personKey = (written: string, table: WordTable = loadWordTable()): string =>
  normaliseName(
    written
      .split(/\s+/)
      .map((word) => baseOf(word, table))
      .join(" "),
  );

/** People whom the recognisers of names find, and those of a directory when there is one. */
export const findPeople = (text: string, directory?: Recogniser): FoundEntity[] => {
  personName.prepare?.();
  const folded = foldText(text);
  const found: FoundEntity[] = [];
  for (const recogniser of directory ? [directory, personName] : [personName]) {
    for (const { start, end } of recogniser.find(folded.text, () => undefined)) {
      const [from, to] = [folded.startOf(start), folded.endOf(end - 1)];
      const written = text.slice(from, to);
      const entity = toEntity("person", written, personKey(written));
      if (entity) found.push({ ...entity, start: from, end: to });
    }
  }
  return found;
};
