import { enableCompileCache, flushCompileCache } from "node:module";
import { fileURLToPath } from "node:url";

// Loaded before the programs that tests start and kill: they begin in half the time. A killed process leaves nothing in the
// cache at its end, so what was loaded is written while it runs.
enableCompileCache(fileURLToPath(new URL("../../node_modules/.cache/athena", import.meta.url)));
setTimeout(flushCompileCache, 300).unref();
