import { pino } from "pino";
import { openDatabase } from "../../platform/db/open-database.ts";

// A process that opens the database of a folder and writes until it is killed; each line it prints is a fact that was acknowledged.
// With the argument `idle` it only holds the folder.
const [dataDir = "", mode] = process.argv.slice(2);
const print = (line: string) => process.stdout.write(`${line}\n`);
try {
  const database = await openDatabase({
    settings: { ATHENA_DATA_DIR: dataDir, DATABASE_URL: undefined },
    logger: pino({ level: "silent" }),
  });
  print("open");
  if (mode === "idle") await new Promise(() => setInterval(() => undefined, 1_000));
  await database.query("create table if not exists kept (id bigserial primary key, text text, pair uuid)");
  const write = async (): Promise<void> => {
    for (;;) {
      const [row] = await database.query<{ id: string }>(
        "insert into kept (text) values (repeat('x', 500)) returning id",
        [],
        "insert-kept",
      );
      print(`single ${row?.id}`);
      const pair = crypto.randomUUID();
      await database.transaction(async (connection) => {
        await connection.query("insert into kept (pair) values ($1)", [pair]);
        await connection.query("insert into kept (pair) values ($1)", [pair]);
      });
      print(`pair ${pair}`);
    }
  };
  await Promise.all([write(), write(), write()]);
} catch (error) {
  print(`failed ${(error as { code?: string }).code} ${(error as Error).message}`);
  process.exit(1);
}
