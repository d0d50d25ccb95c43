import { type Command, InvalidArgumentError, Option } from "commander";
import { jobStatuses } from "../workflows/jobs/job.ts";

const toLimit = (text: string): number => {
  const limit = Number(text);
  if (/^\d{1,3}$/.test(text) && limit >= 1 && limit <= 500) return limit;
  throw new InvalidArgumentError("A number from 1 to 500.");
};

/** `athena jobs …`: long jobs, and what they wait for. */
const addJobs = (program: Command): void => {
  const jobs = program.command("jobs").description("Long jobs: crews of agents at work.");
  jobs
    .command("list")
    .description("Shows yours, newest first: id, time, crew, status, tasks done, what runs.")
    .addOption(new Option("--status <status>", "only those of one status").choices([...jobStatuses]))
    .option("--limit <number>", "at most so many", toLimit, 50)
    .option("--json", "print JSON", false)
    .action(async (options) => {
      const { listJobs } = await import("./commands/jobs.ts");
      await listJobs(options);
    });
  jobs
    .command("show")
    .description("Shows one: how far it is, what it waits for, what it gave.")
    .argument("<id>", "as 'jobs list' shows it")
    .option("--json", "print JSON", false)
    .action(async (id: string, options) => {
      const { showJob } = await import("./commands/jobs.ts");
      await showJob(id, options);
    });
  for (const [decision, what] of [
    ["approve", "Agrees: the task begins, its result counts, or the call that nobody knows of did happen."],
    ["repeat", "Asks for another round; of a call that nobody knows of: it did not happen."],
    ["reject", "Ends the job."],
  ] as const) {
    jobs
      .command(decision)
      .description(what)
      .argument("<id>", "as 'jobs list' shows it")
      .option("--reason <text>", "told to who does the task, or why the job ended")
      .option("--key <key>", "which question, where the job waits for several answers")
      .action(async (id: string, options) => {
        const { decideJob } = await import("./commands/jobs.ts");
        await decideJob(id, decision, options);
      });
  }
  jobs
    .command("cancel")
    .description("Has one stop where it is.")
    .argument("<id>", "as 'jobs list' shows it")
    .action(async (id: string) => {
      const { cancelJob } = await import("./commands/jobs.ts");
      await cancelJob(id);
    });
};

/** `athena crew run`, `athena jobs …`. */
export const addJobsCommands = (program: Command): void => {
  program
    .command("crew")
    .description("Crews of agents.")
    .command("run")
    .description("Runs a crew, shows how far it is, and prints its result. Ctrl-C stops watching, not the job.")
    .argument("<file-or-name>", "a crew of the registry, or a YAML file that holds one")
    .option("--input <json>", "what it works on, as a JSON object; @FILE reads it from a file", "{}")
    .option("--key <key>", "the same key again is the same job")
    .option("--thread <id>", "the conversation that the result goes into; default: a fresh one")
    .addOption(
      new Option("--mode <mode>", "confidential: nothing leaves this machine").choices(["open", "confidential"]),
    )
    .option("--json", "print the job as JSON", false)
    .action(async (fileOrName: string, options) => {
      const { runCrewHere } = await import("./commands/crew-run.ts");
      process.exitCode = await runCrewHere(fileOrName, options);
    });
  addJobs(program);
};
