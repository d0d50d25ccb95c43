import { reportIntents } from "../../nodes/understanding/report-intents.ts";
import { createUnderstanding, type ExplainedQuery } from "../../nodes/understanding/understand-query.ts";
import { loadRegistry } from "../../platform/config/registry-repository.ts";
import { importRegistry } from "../../platform/config/transfer-registry.ts";
import { registryChecks } from "../registry-checks.ts";
import { loadServiceTables } from "../service-tables.ts";
import { formatComparison, formatIntentReport } from "./format-intent-report.ts";
import { readInputFile, toIntentRows } from "./registry.ts";
import { withRegistryDatabase } from "./with-registry-database.ts";

export interface TryOptions {
  readonly locale?: string;
  readonly json: boolean;
}

export interface ReportCommandOptions extends TryOptions {
  readonly folds: number;
  readonly compare?: string;
}

const percent = (share: number): string => `${Math.round(share * 100)} %`;

const reasons = {
  split: "split: both sides ask for something",
  inherited: "split: goes on with the part before it",
  dropped: "dropped: said not to be wanted",
  joined: "not split: one of the sides asks for nothing of its own, or they say more together",
} as const;

const toText = ({ locale, parts, places, dropped, beyond }: ExplainedQuery): string =>
  [
    `Language: ${locale}`,
    ...parts.flatMap(({ text, name, confidence, tier, slots, isInherited, dependsOn, handOn, runnersUp }, index) => [
      `${index + 1}. ${name}  ${percent(confidence)}  ${tier}${isInherited ? ", goes on with the part before it" : ""}`,
      `   "${text}"`,
      ...Object.entries(slots).map(([slot, value]) => `   ${slot}: ${JSON.stringify(value)}`),
      ...(dependsOn === undefined ? [] : [`   ${handOn?.to} comes from the ${handOn?.from} of part ${dependsOn + 1}`]),
      ...(runnersUp.length === 0
        ? []
        : [`   else: ${runnersUp.map((other) => `${other.intent} ${percent(other.confidence)}`).join(", ")}`]),
    ]),
    ...places.map(({ separator, outcome }) => `At "${separator}" ${reasons[outcome]}`),
    ...dropped.map((text) => `Not wanted: "${text}"`),
    ...(beyond === "" ? [] : [`Behind the fifth part: "${beyond}"`]),
  ].join("\n");

/**
 * Prints how a text is understood without a model: its parts with their runners-up, and why it was split or not.
 * @throws {AppError} as the database's.
 */
export const tryIntents = async (text: string, { locale, json }: TryOptions): Promise<void> => {
  const explained = await withRegistryDatabase(async (database, settings) => {
    const registry = await loadRegistry(database);
    const understanding = createUnderstanding({
      registry: { current: () => registry, onChange: () => () => undefined },
      gazetteer: loadServiceTables().places,
      classifierCacheDir: settings.ATHENA_DATA_DIR,
      defaultLocale: settings.ATHENA_LOCALE,
      logger: { info: () => undefined, warn: () => undefined },
    });
    try {
      return await understanding.explain(text, { locale, timezone: settings.ATHENA_TIMEZONE, now: new Date() });
    } finally {
      await understanding.stop();
    }
  });
  process.stdout.write(`${json ? JSON.stringify(explained, null, 2) : toText(explained)}\n`);
};

/**
 * Prints how well the registry's rows are told apart; with `compare`, also as they would be after importing a file.
 * @throws {AppError} INVALID_INPUT for a file that cannot be imported; as the database's.
 */
export const reportOnIntents = async ({ locale, json, folds, compare }: ReportCommandOptions): Promise<void> => {
  const file = compare === undefined ? undefined : await readInputFile(compare);
  const { rows, changed } = await withRegistryDatabase(async (database) => {
    const outcome =
      file === undefined
        ? undefined
        : await importRegistry(database, file, { checks: registryChecks, dryRun: true, actor: "report" });
    return {
      rows: outcome ? toIntentRows(outcome.before) : await loadRegistry(database),
      changed: outcome && toIntentRows(outcome.after),
    };
  });
  const options = { locale, folds };
  const report = await reportIntents(rows, options);
  const after = changed && (await reportIntents(changed, options));
  if (json)
    return void process.stdout.write(`${JSON.stringify(after ? { before: report, after } : report, null, 2)}\n`);
  process.stdout.write(`${formatIntentReport(after ?? report)}\n`);
  if (after) process.stdout.write(`\n${formatComparison(report, after)}\n`);
};
