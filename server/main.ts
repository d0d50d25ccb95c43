import { Command, CommanderError, InvalidArgumentError, Option } from "commander";
import { isAppError } from "../platform/errors/app-error.ts";
import { version } from "./version.ts";

const exitCodes = "Exit codes: 0 done, 1 failed, 2 wrong usage, 3 refused for privacy.";

const toPort = (text: string): number => {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  throw new InvalidArgumentError("A port is a number from 0 to 65535.");
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
    .command("migrate")
    .description("Brings the database to this version's state, then stops. 'serve' does it too.")
    .action(async () => {
      const { migrate } = await import("./commands/migrate.ts");
      await migrate();
    });

  program
    .command("config")
    .description("Shows every setting, its value and where it comes from; secrets are masked.")
    .option("--json", "print JSON", false)
    .action(async (options) => {
      const { config } = await import("./commands/config.ts");
      config(options);
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
