import { AsyncLocalStorageProviderSingleton } from "@langchain/core/singletons";

const childConfigKey = Symbol.for("lc:child_config");

/**
 * Makes LangChain's run context carry the config alone. As shipped, every runnable builds a LangSmith run tree (random id,
 * dates, environment look-ups) even with tracing off, a third of the CPU of a graph (langchainjs PR 10043, closed unmerged).
 * Tracing to LangSmith is not used here: prompts would leave the process past `egress`.
 */
export const useLeanRunContext = (): void => {
  AsyncLocalStorageProviderSingleton.runWithConfig = (config, callback) =>
    AsyncLocalStorageProviderSingleton.getInstance().run({ extra: { [childConfigKey]: config } }, callback);
};
