import { enableCompileCache } from "node:module";
import { join } from "node:path";

// Beside the packages rather than in the shared temporary folder, where others could leave code for us to run.
enableCompileCache(join(import.meta.dirname, "../node_modules/.cache/athena"));
const { main } = await import("../server/main.ts");
await main(process.argv);
