import { openPglite } from "./open-pglite.ts";

const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error("the folder of the cluster is missing");
// The parent is gone, and with it the lock of the data folder.
process.once("disconnect", () => process.exit(1));
const database = await openPglite(folder);
await database.close();
process.exit(0);
