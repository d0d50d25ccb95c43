import { settingsFromEnvironment } from "../../platform/config/settings.ts";
import { AppError, isAppError } from "../../platform/errors/app-error.ts";
import { createDeadLetters, type DeadLetterFilter, type StoredDeadLetter } from "../../platform/events/dead-letters.ts";
import { settleDeadLetters as settle, type WhichLetters } from "../../platform/events/settle-dead-letters.ts";
import { CountReply, DeadLetterReply, DeadLettersReply } from "../routes/events.ts";
import { serverOnDatabase } from "./server-on-database.ts";
import { withDatabase } from "./with-database.ts";

export type { WhichLetters };

const print = (text: string): void => void process.stdout.write(`${text}\n`);

const lineOf = ({ id, createdAt, consumer, subject, history, error }: StoredDeadLetter): string =>
  [id, createdAt, consumer, subject, `${history.length}×`, error].join("  ");

const ShownLetter = DeadLetterReply.transform(
  ({ created_at, ...letter }): StoredDeadLetter => ({ ...letter, createdAt: created_at }),
);
const ShownLetters = DeadLettersReply.extend({ dead_letters: ShownLetter.array() });

const queryOf = (filter: DeadLetterFilter): string => {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(filter)) if (value !== undefined) query.set(name, `${value}`);
  return `${query}`;
};

/** Shows dead letters, newest first. @throws {AppError} see `serverOnDatabase` and `withDatabase` */
export const listDeadLetters = async (
  filter: DeadLetterFilter,
  { json }: { readonly json: boolean },
): Promise<void> => {
  const server = await serverOnDatabase(settingsFromEnvironment());
  const letters = server
    ? (await server.get(`/dead-letters?${queryOf(filter)}`, ShownLetters)).dead_letters
    : await withDatabase((database) => createDeadLetters(database).list(filter));
  if (json) return print(JSON.stringify(letters, null, 2));
  for (const letter of letters) print(lineOf(letter));
  if (letters.length === 0) print(`No dead letters are ${filter.status ?? "waiting"}.`);
};

/** Shows one with its event and every attempt. @throws {AppError} NOT_FOUND; see `listDeadLetters` */
export const showDeadLetter = async (id: number): Promise<void> => {
  const server = await serverOnDatabase(settingsFromEnvironment());
  const letter = server
    ? await server.get(`/dead-letters/${id}`, ShownLetter).catch((error: unknown) => {
        if (isAppError(error, "NOT_FOUND")) return undefined;
        throw error;
      })
    : await withDatabase((database) => createDeadLetters(database).show(id));
  if (!letter) throw new AppError("NOT_FOUND", `There is no dead letter ${id}.`);
  print(JSON.stringify(letter, null, 2));
};

/** Retries or drops dead letters that wait. @throws {AppError} INVALID_INPUT when none is meant; see `listDeadLetters` */
export const settleDeadLetters = async (action: "retry" | "drop", which: WhichLetters): Promise<void> => {
  if ((which.all ?? false) === (which.ids ?? []).length > 0) {
    throw new AppError("INVALID_INPUT", "Say which dead letters are meant: their numbers, or --all.");
  }
  const server = await serverOnDatabase(settingsFromEnvironment());
  const count = server
    ? (await server.post(`/dead-letters/${action}`, which, CountReply)).count
    : await withDatabase((database) => settle(createDeadLetters(database), action, which));
  print(action === "retry" ? `${count} given to their consumers again.` : `${count} dropped.`);
};
