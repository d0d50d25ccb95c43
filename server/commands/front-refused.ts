import { join } from "node:path";
import { z } from "zod";
import { loadMasterKey } from "../../atlas/master-key.ts";
import { openSessionStore } from "../../platform/cache/open-session-store.ts";
import { secretValues } from "../../platform/config/secret-values.ts";
import { type Settings, settingsFromEnvironment } from "../../platform/config/settings.ts";
import { holdDataFolder } from "../../platform/db/embedded/data-folder-lock.ts";
import { AppError, isAppError } from "../../platform/errors/app-error.ts";
import { createLogger } from "../../platform/logging/create-logger.ts";
import { createEntrySeal } from "../front/front-entry.ts";
import { createRefusedMessages, type RefusedMessages } from "../front/refused-messages.ts";
import { mostListed, RefusedListReply, type RefusedReply, toRefusedReply } from "../front/refused-routes.ts";
import { CountReply } from "../routes/events.ts";
import { type ServerOnDatabase, serverHolding } from "./server-on-database.ts";

const print = (text: string): void => void process.stdout.write(`${text}\n`);

/** Opens what fronts keep, without a front: a journal that nobody holds, or Redis, where fronts may run meanwhile. */
const withStore = async <Result>(
  settings: Settings,
  work: (refused: RefusedMessages) => Promise<Result>,
): Promise<Result> => {
  const { ATHENA_MASTER_KEY, ATHENA_DATA_DIR: dataDir, REDIS_URL } = settings;
  const logger = createLogger({ level: "error", secrets: secretValues(settings), to: 2 });
  const letGo = REDIS_URL === undefined ? await holdDataFolder(join(dataDir, "front")) : undefined;
  try {
    const seal = createEntrySeal((await loadMasterKey({ ATHENA_MASTER_KEY, dataDir })).box("front"));
    const store = await openSessionStore({ settings, logger });
    try {
      return await work(createRefusedMessages({ refused: store.refused, seal }));
    } finally {
      await store.close();
    }
  } finally {
    letGo?.();
  }
};

/** Asks the front that holds the journal, else does it here. */
const withRefused = async <Result>(
  throughFront: (front: ServerOnDatabase) => Promise<Result>,
  here: (refused: RefusedMessages) => Promise<Result>,
): Promise<Result> => {
  const settings = settingsFromEnvironment();
  const { REDIS_URL, ATHENA_DATA_DIR: dataDir } = settings;
  const front = REDIS_URL === undefined ? await serverHolding(join(dataDir, "front"), settings) : undefined;
  if (front === undefined) return withStore(settings, here);
  return throughFront(front).catch((error: unknown) => {
    if (!isAppError(error, "NOT_FOUND")) throw error;
    throw new AppError("CONFIG_INVALID", "What answers at ATHENA_HOST:ATHENA_PORT is no front; set the front's own.");
  });
};

/** What the engine said may come from another machine: on a terminal it is text. */
const toLine = ({
  id,
  refused_at,
  code,
  reason,
  author,
  thread_id,
  characters,
}: z.infer<typeof RefusedReply>): string =>
  [
    id,
    refused_at ?? "-",
    code === null ? "cannot be opened with this master key" : `${code}: ${reason}`,
    author,
    `thread ${thread_id}`,
    ...(characters === null ? [] : [`${characters} characters`]),
  ]
    .join("  ")
    .replace(/\p{Cc}+/gu, " ");

/** Shows what the engine refused, newest first. @throws {AppError} see `serverOnDatabase`, `holdDataFolder`, `openSessionStore` */
export const listRefused = async ({ json }: { readonly json: boolean }): Promise<void> => {
  const { refused, count } = await withRefused<z.infer<typeof RefusedListReply>>(
    (front) => front.get("/refused", RefusedListReply),
    async (refused) => {
      const { messages, count } = await refused.list(mostListed);
      return { refused: messages.map(toRefusedReply), count };
    },
  );
  if (json) return print(JSON.stringify(refused, null, 2));
  for (const message of refused) print(toLine(message));
  if (count > refused.length) print(`and ${count - refused.length} more.`);
  if (count === 0) print("No messages are refused.");
};

/** Retries or drops what was refused. @throws {AppError} INVALID_INPUT when none is meant; see `listRefused` */
export const settleRefused = async (
  action: "retry" | "drop",
  ids: readonly string[],
  { all }: { readonly all: boolean },
): Promise<void> => {
  if (all === ids.length > 0) {
    throw new AppError("INVALID_INPUT", "Say which messages are meant: their ids, or --all.");
  }
  if (ids.some((id) => !z.uuid().safeParse(id).success)) {
    throw new AppError("INVALID_INPUT", "Messages have ids such as 'athena front refused list' shows.");
  }
  const which = all ? { all } : { ids };
  const count = await withRefused(
    async (front) => (await front.post(`/refused/${action}`, which, CountReply)).count,
    (refused) => refused[action](which),
  );
  print(action === "retry" ? `${count} wait for the engine again.` : `${count} dropped.`);
};
