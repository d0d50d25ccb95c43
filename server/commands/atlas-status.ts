import { AtlasStatus, readAtlasStatus } from "../../atlas/atlas-status.ts";
import { defaultCoreName } from "../../platform/config/core-name.ts";
import { settingsFromEnvironment } from "../../platform/config/settings.ts";
import { isAppError } from "../../platform/errors/app-error.ts";
import { runningServer } from "./running-server.ts";
import { serverAt } from "./server-on-database.ts";
import { withDatabase } from "./with-database.ts";

const number = (value: number): string => value.toLocaleString("en");

const duration = (seconds: number): string => {
  if (seconds < 120) return `${number(Math.round(seconds * 10) / 10)} s`;
  return seconds < 7_200 ? `${number(Math.round(seconds / 60))} min` : `${number(Math.round(seconds / 3_600))} h`;
};

type Lag = Pick<AtlasStatus["deep"], "lag_changes" | "lag_seconds" | "asked_at">;

const lagOf = ({ lag_changes, lag_seconds, asked_at }: Lag): string => {
  const asked = asked_at === null ? "it has never asked" : `last asked ${asked_at}`;
  if (lag_changes === 0) return `holds everything (${asked})`;
  return `behind by ${number(lag_changes)} changes, ${duration(lag_seconds)} (${asked})`;
};

const left = "it failed and is left alone for the moment";

/** A line for each core; which of several is asked by recall the engine does not know by name. */
const coreLines = (deep: AtlasStatus["deep"]): (readonly [name: string, text: string])[] => {
  const { configured, breaker, cores } = deep;
  if (!configured) return [["deep core", "not configured"]];
  const [first, ...others] = cores.map(
    (core) => [core.name === defaultCoreName ? "deep core" : `deep core ${core.name}`, lagOf(core)] as const,
  );
  const [name, text] = first ?? (["deep core", lagOf(deep)] as const);
  if (breaker !== "open") return [[name, text], ...others];
  if (others.length === 0) return [[name, `${text}; ${left}`]];
  return [[name, text], ...others, ["deep search", `of the core that is asked: ${left}`]];
};

const tableOf = ({ layers, followers, deep }: AtlasStatus): string => {
  const rows = [
    ...Object.entries(layers).map(([name, count]) => [name.replaceAll("_", " "), number(count)] as const),
    ...followers.map(
      ({ name, messages, revisions, threads, documents, seconds }) =>
        [
          `index ${name}`,
          threads + documents === 0
            ? "up to date"
            : `behind by ${number(messages)} messages and ${number(revisions)} revisions of ${number(threads)} threads, ${number(documents)} documents, ${duration(seconds)}`,
        ] as const,
    ),
    ...coreLines(deep),
  ];
  const width = Math.max(...rows.map(([name]) => name.length)) + 2;
  return rows.map(([name, text]) => `${name.padEnd(width)}${text}`).join("\n");
};

/**
 * Shows what the memory holds and how far its indexes are: from the server that runs, else from the database.
 * @throws {AppError} CONFIG_INVALID, also while a server with API keys holds the embedded database; DATABASE_UNAVAILABLE,
 *   UPSTREAM_UNAVAILABLE
 */
export const atlasStatus = async ({ json }: { readonly json: boolean }): Promise<void> => {
  const settings = settingsFromEnvironment();
  const url = await runningServer(settings);
  const told =
    url &&
    (await serverAt(url, settings)
      .get("/atlas/status", AtlasStatus)
      .catch((error: unknown) => {
        // It tells administrators only; a PostgreSQL can be asked beside it.
        if (settings.DATABASE_URL !== undefined && isAppError(error, "POLICY_DENIED")) return undefined;
        throw error;
      }));
  const configured = settings.ATHENA_CORE_KEY !== undefined;
  const status =
    told || (await withDatabase((database) => readAtlasStatus(database, { configured, breaker: "unknown" })));
  process.stdout.write(`${json ? JSON.stringify(status, null, 2) : tableOf(status)}\n`);
};
