import { archiveMessages } from "../../atlas/archive-messages.ts";
import type { ImportFormat } from "../../atlas/import/import-formats.ts";
import { createImportTarget } from "../../atlas/import/import-target.ts";
import { listImportFiles } from "../../atlas/import/list-files.ts";
import { type ImportReport, runImport } from "../../atlas/import/run-import.ts";
import { createShredThreads } from "../../atlas/shred-threads.ts";
import { createTeams } from "../../atlas/teams.ts";
import type { Scope } from "../../atlas/timeline.ts";
import type { Database } from "../../platform/db/database.ts";
import { AppError } from "../../platform/errors/app-error.ts";
import { createAudit } from "../../platform/events/audit.ts";
import { createProgressBar } from "./progress-bar.ts";
import { withAtlasDatabase } from "./with-atlas-database.ts";

/** Who the commands act as. */
const operator = "operator";
/** Problems that are shown one by one. */
const mostShown = 100;

const say = (text: string): void => void process.stdout.write(`${text}\n`);
const number = (value: number): string => value.toLocaleString("en");

export interface ImportOptions {
  readonly format?: ImportFormat;
  readonly scope: Scope;
  readonly team?: string;
  readonly principal: string;
  readonly thread?: string;
  readonly service?: string;
}

const reportOf = ({ messages, added, conversations, documents, stored }: ImportReport): string =>
  [
    ...(messages > 0 || documents === 0
      ? [`${number(messages)} messages of ${number(conversations)} conversations, ${number(added)} of them new`]
      : []),
    ...(documents > 0 ? [`${number(documents)} documents, ${number(stored)} of them new or changed`] : []),
  ].join("; ");

/** Elsewhere who is in no team keeps it to themselves; an import that nobody else sees is not what was asked for. */
const needTeam = async (database: Database, principal: string): Promise<void> => {
  const teams = await createTeams({ database }).list();
  if (teams.some(({ members }) => members.includes(principal))) return;
  throw new AppError(
    "INVALID_INPUT",
    `'${principal}' is in no team; 'athena teams add TEAM ${principal}' changes that.`,
    {
      field: "scope",
    },
  );
};

/**
 * Imports an export or documents; what could not be read is told line by line on standard error.
 * @throws {AppError} INVALID_INPUT, NOT_FOUND, CONFIG_INVALID, DATABASE_UNAVAILABLE
 */
export const importIntoAtlas = async (path: string, options: ImportOptions): Promise<void> => {
  const files = await listImportFiles(path, options.format);
  const bar = createProgressBar(process.stderr);
  const report = await withAtlasDatabase(async ({ database, cipher, settings }) => {
    if (options.scope === "team" && options.team === undefined) await needTeam(database, options.principal);
    return runImport({
      files,
      target: createImportTarget(
        { database, cipher },
        { principal: options.principal, scope: options.scope, teamId: options.team },
      ),
      threadId: options.thread,
      service: options.service,
      maxMessageChars: settings.ATHENA_MAX_MESSAGE_CHARS,
      onProgress: (done, items) => bar.show(done, `${number(items)} messages and documents`),
    });
  }).finally(() => bar.clear());
  for (const { file, line, reason } of report.problems.slice(0, mostShown)) {
    process.stderr.write(`${file}${line === undefined ? "" : `:${line}`}: ${reason}\n`);
  }
  const left = report.problems.length;
  if (left > mostShown) process.stderr.write(`… and ${number(left - mostShown)} more\n`);
  say(`${reportOf(report)}.${left === 0 ? "" : ` ${number(left)} left out.`}`);
};

/**
 * Moves old messages into the archive.
 * @throws {AppError} INVALID_INPUT for a date that is none or in the future; CONFIG_INVALID; DATABASE_UNAVAILABLE
 */
export const archive = async ({ before }: { readonly before: string }): Promise<void> => {
  const time = new Date(before);
  if (!/^\d{4}-\d{2}-\d{2}/.test(before) || Number.isNaN(time.getTime()) || time.getTime() > Date.now()) {
    throw new AppError("INVALID_INPUT", "--before needs a day of the past, such as 2024-12-31.", { field: "before" });
  }
  const moved = await withAtlasDatabase(({ database }) => archiveMessages(database, time));
  say(`${number(moved)} messages moved into the archive; they stay readable.`);
};

/**
 * Erases one confidential thread, or all of a person.
 * @throws {AppError} INVALID_INPUT, NOT_FOUND, CONFLICT, CONFIG_INVALID, DATABASE_UNAVAILABLE
 */
export const shred = async (options: { readonly thread?: string; readonly principal?: string }): Promise<void> => {
  const { thread, principal } = options;
  if ((thread === undefined) === (principal === undefined)) {
    throw new AppError("INVALID_INPUT", "Say either --thread or --principal.");
  }
  const shredded = await withAtlasDatabase(async ({ database }) => {
    const threads = createShredThreads({ database, audit: createAudit({ database }), actor: operator });
    return thread === undefined ? threads.person(principal!) : [await threads.thread(thread)];
  });
  for (const { threadId, messages, clear } of shredded) {
    const hidden = clear === 0 ? "" : `; ${number(clear)} said in clear before are hidden, but not encrypted`;
    say(`${threadId}: the key of ${number(messages)} messages is destroyed${hidden}.`);
  }
  if (shredded.length === 0) say("There are no confidential threads to erase.");
};
