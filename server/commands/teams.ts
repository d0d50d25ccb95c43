import { createTeams } from "../../atlas/teams.ts";
import { withRegistryDatabase } from "./with-registry-database.ts";

/**
 * Shows or changes who is in which team; a running server follows at once.
 * @throws {AppError} INVALID_INPUT; CONFIG_INVALID when the data folder is held by another process; DATABASE_UNAVAILABLE.
 */
export const teams = async (
  action: "add" | "remove" | "list",
  team = "",
  members: readonly string[] = [],
): Promise<void> => {
  const text = await withRegistryDatabase(async (database) => {
    const store = createTeams({ database });
    if (action === "add") return `${await store.add(team, members)} added.\n`;
    if (action === "remove") return `${await store.remove(team, members)} removed.\n`;
    return (await store.list()).map(({ id, members: of }) => `${id}: ${of.join(", ")}\n`).join("");
  });
  process.stdout.write(text);
};
