import { type Command, Option } from "commander";
import { importFormats } from "../atlas/import/import-formats.ts";

/** `athena teams …`: who sees what belongs to a team. */
const addTeamsCommands = (program: Command): void => {
  const teams = program
    .command("teams")
    .description("Who is in which team: its members see its threads and documents.");
  for (const [action, what] of [
    ["add", "Adds members; the team is made when it is not there yet."],
    ["remove", "Takes members out; they see nothing of the team any more."],
  ] as const) {
    teams
      .command(action)
      .description(what)
      .argument("<team>", "the team's name")
      .argument("<principals...>", "local, or key:NAME for the key of that name")
      .action(async (team: string, principals: string[]) => {
        const { teams: run } = await import("./commands/teams.ts");
        await run(action, team, principals);
      });
  }
  teams
    .command("list")
    .description("Shows the teams and their members.")
    .action(async () => {
      const { teams: run } = await import("./commands/teams.ts");
      await run("list");
    });
};

/** `athena schedules …`: what recurs. */
const addSchedulesCommands = (program: Command): void => {
  const schedules = program.command("schedules").description("What recurs: indexing, summaries, the weekly digest.");
  schedules
    .command("list")
    .description("Shows each schedule, its next time and how its last run ended.")
    .option("--json", "print JSON", false)
    .action(async (options) => {
      const { listSchedules } = await import("./commands/schedules.ts");
      await listSchedules(options);
    });
  schedules
    .command("run")
    .description(
      "Runs one now and waits for its end: in the server that holds the embedded database, else in this process.",
    )
    .argument("<id>", "which one, as 'schedules list' shows it")
    .action(async (id: string) => {
      const { runSchedule } = await import("./commands/schedules.ts");
      await runSchedule(id);
    });
  for (const [action, what] of [
    ["pause", "Leaves its times out until it is resumed."],
    ["resume", "Lets it run at its times again; what was left out is not made up."],
  ] as const) {
    schedules
      .command(action)
      .description(what)
      .argument("<id>", "which one, as 'schedules list' shows it")
      .action(async (id: string) => {
        const { enableSchedule } = await import("./commands/schedules.ts");
        await enableSchedule(id, action === "resume");
      });
  }
};

/** `athena atlas …`: what is kept, imported, put away and erased; `athena teams …`: who sees it. */
export const addAtlasCommands = (program: Command): void => {
  addTeamsCommands(program);
  addSchedulesCommands(program);
  const atlas = program.command("atlas").description("The long-term memory: import, archive, erase, export.");

  atlas
    .command("import")
    .description(
      "Imports conversations or documents. What was imported before is left out, so that a run that was stopped can be repeated.",
    )
    .argument("<path>", "a file or a folder")
    .addOption(new Option("--format <format>", "what it is; default: as the files tell").choices([...importFormats]))
    .addOption(
      new Option("--scope <scope>", "who will see it").choices(["personal", "team", "public"]).default("personal"),
    )
    .option("--team <id>", "the team of --scope team, when the principal is in several")
    .option("--principal <id>", "whose it will be: local, or key:NAME for the key of that name", "local")
    .option("--thread <id>", "put all messages into this thread")
    .option("--service <name>", "the service whose knowledge the documents are")
    .action(async (path: string, options) => {
      const { importIntoAtlas } = await import("./commands/atlas.ts");
      await importIntoAtlas(path, options);
    });

  atlas
    .command("reindex")
    .description(
      "Makes the vectors anew, after a change of the embedding model. Servers may run, and what was stopped goes on when it is run again.",
    )
    .option("--text", "the full-text index instead", false)
    .action(async (options) => {
      const { reindex } = await import("./commands/reindex.ts");
      await reindex(options);
    });

  atlas
    .command("status")
    .description("Shows what the memory holds, how far its indexes are, and the lag of the deep core.")
    .option("--json", "print JSON", false)
    .action(async (options) => {
      const { atlasStatus } = await import("./commands/atlas-status.ts");
      await atlasStatus(options);
    });

  atlas
    .command("archive")
    .description("Moves old messages into the archive, where they stay readable.")
    .requiredOption("--before <date>", "messages before this day, such as 2024-12-31")
    .action(async (options) => {
      const { archive } = await import("./commands/atlas.ts");
      await archive(options);
    });

  atlas
    .command("shred")
    .description("Destroys the keys of confidential threads: their content cannot be read any more, by nobody.")
    .option("--thread <id>", "this thread")
    .option("--principal <id>", "every confidential thread of this person")
    .action(async (options) => {
      const { shred } = await import("./commands/atlas.ts");
      await shred(options);
    });

  const graph = atlas.command("graph").description("Topics, entities and how they are joined.");
  graph
    .command("export")
    .description(
      "Writes the graph to standard output, for a graph database; without content, and nothing confidential.",
    )
    .addOption(new Option("--format <format>", "of the file").choices(["graphml", "cypher"]).makeOptionMandatory())
    .option("--principal <id>", "only what this one sees: local, or key:NAME for the key of that name")
    .action(async (options) => {
      const { exportGraph } = await import("./commands/atlas-graph.ts");
      await exportGraph(options);
    });
};
