import { AppError } from "../../platform/errors/app-error.ts";
import {
  createDeadLetters,
  type DeadLetterFilter,
  type DeadLetters,
  type StoredDeadLetter,
} from "../../platform/events/dead-letters.ts";
import { withDatabase } from "./with-database.ts";

export interface WhichLetters extends DeadLetterFilter {
  /** All that wait and fit the filter, instead of the ones named. */
  readonly all?: boolean;
}

const print = (text: string): void => void process.stdout.write(`${text}\n`);
const most = 10_000;

const lineOf = ({ id, createdAt, consumer, subject, history, error }: StoredDeadLetter): string =>
  [id, createdAt, consumer, subject, `${history.length}×`, error].join("  ");

const withLetters = <Result>(work: (letters: DeadLetters) => Promise<Result>): Promise<Result> =>
  withDatabase((database) => work(createDeadLetters(database)));

/** Shows dead letters, newest first. @throws {AppError} see `withDatabase` */
export const listDeadLetters = async (
  filter: DeadLetterFilter,
  { json }: { readonly json: boolean },
): Promise<void> => {
  const letters = await withLetters((store) => store.list(filter));
  if (json) return print(JSON.stringify(letters, null, 2));
  for (const letter of letters) print(lineOf(letter));
  if (letters.length === 0) print(`No dead letters are ${filter.status ?? "waiting"}.`);
};

/** Shows one with its event and every attempt. @throws {AppError} NOT_FOUND; see `withDatabase` */
export const showDeadLetter = async (id: number): Promise<void> => {
  const letter = await withLetters((store) => store.show(id));
  if (!letter) throw new AppError("NOT_FOUND", `There is no dead letter ${id}.`);
  print(JSON.stringify(letter, null, 2));
};

/** Retries or drops dead letters that wait. @throws {AppError} INVALID_INPUT when none is meant; see `withDatabase` */
export const settleDeadLetters = async (
  action: "retry" | "drop",
  ids: readonly number[],
  { all = false, ...filter }: WhichLetters,
): Promise<void> => {
  if (all === ids.length > 0) {
    throw new AppError("INVALID_INPUT", "Say which dead letters are meant: their numbers, or --all.");
  }
  const count = await withLetters(async (store) => {
    const meant = all ? (await store.list({ ...filter, limit: most })).map(({ id }) => id) : ids;
    return store[action](meant);
  });
  print(action === "retry" ? `${count} given to their consumers again.` : `${count} dropped.`);
};
