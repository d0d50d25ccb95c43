import { Command, CommanderError, InvalidArgumentError, Option } from "commander";
import { isAppError } from "../platform/errors/app-error.ts";
import { addAtlasCommands } from "./atlas-commands.ts";
import { addJobsCommands } from "./jobs-commands.ts";
import { version } from "./version.ts";

const exitCodes = "Exit codes: 0 done, 1 failed, 2 wrong usage, 3 refused for privacy.";

const toPort = (text: string): number => {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  throw new InvalidArgumentError("A port is a number from 0 to 65535.");
};

const toFolds = (text: string): number => {
  const folds = Number(text);
  if (Number.isInteger(folds) && folds >= 2 && folds <= 20) return folds;
  throw new InvalidArgumentError("A number of folds is from 2 to 20.");
};

const toId = (text: string, before: readonly number[] = []): number[] => {
  if (/^\d{1,15}$/.test(text)) return [...before, Number(text)];
  throw new InvalidArgumentError("Dead letters have whole numbers; 'athena dlq list' shows them.");
};

const toTime = (text: string): Date => {
  const time = new Date(text);
  if (/^\d{4}-\d\d-\d\d/.test(text) && !Number.isNaN(time.getTime())) return time;
  throw new InvalidArgumentError("A time is like 2026-03-01T12:00:00Z or 2026-03-01.");
};

/** The command `athena`. Each subcommand's code is loaded only when it runs. */
const createProgram = (): Command => {
  const program = new Command("athena")
    .description("Self-hosted assistant engine: one OpenAI- and Ollama-compatible endpoint that answers from evidence.")
    .version(version)
    .exitOverride()
    .showHelpAfterError("(add --help for what is possible)")
    .addHelpText("after", `\nSettings are environment variables: 'athena config' shows them.\n${exitCodes}`);

  program
    .command("serve")
    .description("Serves the endpoints at ATHENA_HOST:ATHENA_PORT until SIGINT or SIGTERM.")
    .action(async () => {
      const { serve } = await import("./commands/serve.ts");
      await serve();
    });

  const front = program
    .command("front")
    .description("Serves /ws/chat before the engine at ATHENA_BACKEND_URL; keeps what is said while that is away.")
    .action(async () => {
      const { front } = await import("./commands/front.ts");
      await front();
    });
  const refused = front
    .command("refused")
    .description("Messages that the engine refused for good after the front had taken them.");
  refused
    .command("list")
    .description("Shows them, newest first: id, time, reason, author, thread; never what they say.")
    .option("--json", "print JSON", false)
    .action(async (options) => {
      const { listRefused } = await import("./commands/front-refused.ts");
      await listRefused(options);
    });
  for (const [action, what] of [
    ["retry", "Lets them wait for the engine again."],
    ["drop", "Gives them up: they are gone."],
  ] as const) {
    refused
      .command(action)
      .description(what)
      .argument("[ids...]", "their ids, as 'front refused list' shows them")
      .option("--all", "all of them", false)
      .action(async (ids: string[], options) => {
        const { settleRefused } = await import("./commands/front-refused.ts");
        await settleRefused(action, ids, options);
      });
  }

  program
    .command("ask")
    .description("Asks one question: of the server at ATHENA_HOST:ATHENA_PORT when it runs, else in this process.")
    .argument("<question>", "what to ask")
    .option("--json", "print the whole reply of /ai/query", false)
    .addOption(
      new Option("--mode <mode>", "confidential: nothing leaves this machine").choices(["open", "confidential"]),
    )
    .option("--consent", "allow a confidential question to leave this machine", false)
    .option("--thread <id>", "go on with an earlier thread")
    .option("--locale <tag>", "language of the answer, such as pl")
    .action(async (question: string, options) => {
      const { ask } = await import("./commands/ask.ts");
      process.exitCode = await ask(question, options);
    });

  program
    .command("service")
    .description("Serves one domain service on its own: POST /query, GET /health, GET /metrics.")
    .argument("<name>", "which one, such as weather")
    .option("--port <number>", "port to listen on, 0 takes a free one (default: the service's own, from 8010)", toPort)
    .option("--host <address>", "address to listen on, loopback only", "127.0.0.1")
    .action(async (name: string, options) => {
      const { service } = await import("./commands/service.ts");
      await service(name, options);
    });

  program
    .command("core")
    .description(
      "Runs the deep core: follows the engine at ATHENA_EDGE_URL and finds by meaning over all that it holds.",
    )
    .option("--port <number>", "port to listen on, 0 takes a free one", toPort, 8020)
    .option("--host <address>", "address to listen on", "127.0.0.1")
    .action(async (options) => {
      const { core } = await import("./commands/core.ts");
      await core(options);
    });

  program
    .command("worker")
    .description(
      "Does the steps of long jobs on Temporal (TEMPORAL_ADDRESS), beside a server on the same DATABASE_URL.",
    )
    .option("--port <number>", "port of its health and metrics, 0 takes a free one", toPort, 8030)
    .option("--host <address>", "address to listen on", "127.0.0.1")
    .action(async (options) => {
      const { worker } = await import("./commands/worker.ts");
      await worker(options);
    });

  program
    .command("migrate")
    .description("Brings the database to this version's state, then stops. 'serve' does it too.")
    .action(async () => {
      const { migrate } = await import("./commands/migrate.ts");
      await migrate();
    });

  const people = program
    .command("directory")
    .description("People whom a caller knows: their names are replaced in confidential texts before anything leaves.");
  const principal = () =>
    new Option("--principal <id>", "whose directory: local, or key:NAME for the key of that name").default("local");
  for (const [action, argument, what] of [
    ["add", "<names...>", "Adds people."],
    ["remove", "<names...>", "Removes people."],
    ["import", "<files...>", "Adds the people of text files, one name a line."],
    ["list", undefined, "Shows the names."],
  ] as const) {
    const command = people.command(action).description(what).addOption(principal());
    if (argument) command.argument(argument);
    command.action(async (...given: unknown[]) => {
      const { directory } = await import("./commands/directory.ts");
      const names = argument ? (given[0] as string[]) : [];
      await directory(action, names, given[argument ? 1 : 0] as { principal: string });
    });
  }

  program
    .command("config")
    .description("Shows every setting, its value and where it comes from; secrets are masked.")
    .option("--json", "print JSON", false)
    .action(async (options) => {
      const { config } = await import("./commands/config.ts");
      config(options);
    });

  const registry = program
    .command("registry")
    .description(
      "What may be changed without a release: intents, patterns, examples, rules, prompts, services, aliases.",
    );
  registry
    .command("export")
    .description("Writes the rows as YAML, all kinds or one, to a file or to standard output.")
    .argument("[kind]", "which kind, such as examples")
    .argument("[file]", "where to")
    .action(async (kind: string | undefined, file: string | undefined) => {
      const { exportRows } = await import("./commands/registry.ts");
      await exportRows(kind, file);
    });
  registry
    .command("import")
    .description(
      "Makes the rows of a YAML file the ones in force, kind by kind: what it does not hold of a kind goes. All of them or, when one is bad, none.",
    )
    .argument("<file>", "as 'registry export' writes it")
    .option("--dry-run", "check everything and say what would change, without changing it", false)
    .option("--replace", "also when most rows of a kind go", false)
    .option("--no-compare", "leave out how the change affects what is understood")
    .option("--json", "print JSON", false)
    .action(async (file: string, options) => {
      const { importRows } = await import("./commands/registry.ts");
      await importRows(file, options);
    });

  addAtlasCommands(program);
  addJobsCommands(program);

  const intents = program.command("intents").description("How texts are understood, and how well.");
  intents
    .command("try")
    .description("Shows what a text is taken to ask for, part by part, and why; no model is asked.")
    .argument("<text>", "what somebody might say")
    .option("--locale <tag>", "language to assume where the text does not tell, such as pl")
    .option("--json", "print JSON", false)
    .action(async (text: string, options) => {
      const { tryIntents } = await import("./commands/intents.ts");
      await tryIntents(text, options);
    });
  intents
    .command("report")
    .description("Shows how well the examples tell the intents apart, by cross-validation, and which ones to mend.")
    .option("--locale <tag>", "only examples of one language")
    .option("--folds <number>", "parts for the cross-validation, 2 to 20", toFolds, 5)
    .option("--compare <file>", "also show what importing this file would change")
    .option("--json", "print JSON", false)
    .action(async (options) => {
      const { reportOnIntents } = await import("./commands/intents.ts");
      await reportOnIntents(options);
    });

  const letters = program.command("dlq").description("Dead letters: events that a consumer could not take.");
  const consumer = () => new Option("--consumer <name>", "only those of one consumer");
  const subject = () => new Option("--subject <pattern>", "only those of some subjects, such as 'message.>'");
  letters
    .command("list")
    .description("Shows them, newest first: number, time, consumer, subject, attempts, last error.")
    .addOption(consumer())
    .addOption(subject())
    .addOption(new Option("--status <status>").choices(["waiting", "retried", "dropped"]).default("waiting"))
    .option("--json", "print JSON", false)
    .action(async ({ json, ...filter }) => {
      const { listDeadLetters } = await import("./commands/dlq.ts");
      await listDeadLetters(filter, { json });
    });
  letters
    .command("show")
    .description("Shows one as JSON, with its event and every attempt.")
    .argument("<id>", "its number", toId)
    .action(async ([id]: [number]) => {
      const { showDeadLetter } = await import("./commands/dlq.ts");
      await showDeadLetter(id);
    });
  for (const [action, what] of [
    ["retry", "Gives them to their consumers again, with all attempts anew."],
    ["drop", "Gives them up."],
  ] as const) {
    letters
      .command(action)
      .description(what)
      .argument("[ids...]", "their numbers", toId)
      .option("--all", "all that wait and fit", false)
      .addOption(consumer())
      .addOption(subject())
      .action(async (ids: number[] | undefined, options) => {
        const { settleDeadLetters } = await import("./commands/dlq.ts");
        await settleDeadLetters(action, { ...options, ids });
      });
  }

  program
    .command("events")
    .description("The events on their way from the database to their consumers.")
    .command("republish")
    .description("Publishes events again, after a broker lost what it had acknowledged; nothing takes effect twice.")
    .requiredOption("--since <time>", "those published since then, such as 2026-03-01T12:00:00Z", toTime)
    .addOption(subject())
    .action(async ({ since, subject }) => {
      const { republishEvents } = await import("./commands/events.ts");
      await republishEvents(since, { subject });
    });

  return program;
};

/** Runs the command line; sets the exit code, writes one sentence to standard error when it fails. */
export const main = async (argv: readonly string[]): Promise<void> => {
  // `athena config | head` closes the pipe early; that is no failure.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => process.exit(error.code === "EPIPE" ? 0 : 1));
  try {
    await createProgram().parseAsync(argv);
  } catch (error) {
    if (error instanceof CommanderError) {
      process.exitCode = error.exitCode === 0 ? 0 : 2;
      return;
    }
    process.exitCode = 1;
    const sentence = error instanceof Error ? error.message : String(error);
    process.stderr.write(`athena: ${sentence}\n`);
    // An AppError's sentence says what to do; of anything else the stack is what helps.
    if (!isAppError(error) && error instanceof Error) process.stderr.write(`${error.stack ?? ""}\n`);
  }
};

if (import.meta.main) await main(process.argv);
