import type { Breakers } from "../egress/breakers.ts";
import type { ModelInfo, ProviderState } from "./model-gateway.ts";
import type { Provider } from "./provider.ts";

export interface ModelListDeps {
  readonly providers: readonly Provider[];
  /** Names of the breakers in use, to tell whether one of a provider's is open. */
  readonly breakers: Pick<Breakers, "isOpen">;
  readonly breakerNames: () => Iterable<string>;
  readonly isLocal: (id: string, provider: Provider) => boolean;
}

type Listed = Awaited<ReturnType<Provider["list"]>>;

interface Entry {
  listed: Listed;
  up: boolean;
  latencyMs: number | undefined;
  /** `performance.now()` milliseconds of the last answer or failure; undefined: never asked. */
  askedAt: number | undefined;
  running: Promise<void> | undefined;
}

const freshMs = 30_000;
const retryMs = 5_000;
const longestWaitMs = 150;
const requestMs = 3_000;

/**
 * What the providers list, from a cache that is renewed behind the caller's back: nobody waits longer than 150 ms, and a
 * provider that is down keeps its last known list.
 */
export const createModelList = ({ providers, breakers, breakerNames, isLocal }: ModelListDeps) => {
  const closed = new AbortController();
  const entries = new Map<Provider, Entry>(
    providers.map((provider) => [
      provider,
      { listed: [], up: false, latencyMs: undefined, askedAt: undefined, running: undefined },
    ]),
  );

  const ask = async (provider: Provider, entry: Entry): Promise<void> => {
    const started = performance.now();
    const signal = AbortSignal.any([closed.signal, AbortSignal.timeout(requestMs)]);
    try {
      entry.listed = await provider.list(signal);
      entry.up = true;
      entry.latencyMs = performance.now() - started;
    } catch {
      entry.up = false;
    }
    entry.askedAt = performance.now();
    entry.running = undefined;
  };

  /** Starts what is due; resolves when it is done. */
  const renew = (olderThanMs: number): Promise<unknown> =>
    Promise.all(
      [...entries].map(([provider, entry]) => {
        const age = entry.askedAt === undefined ? Number.POSITIVE_INFINITY : performance.now() - entry.askedAt;
        if (age > (entry.up ? olderThanMs : Math.min(olderThanMs, retryMs)) && !closed.signal.aborted) {
          entry.running ??= ask(provider, entry);
        }
        return entry.running;
      }),
    );

  const briefly = async (work: Promise<unknown>): Promise<void> => {
    let timer: NodeJS.Timeout | undefined;
    await Promise.race([
      work,
      new Promise((resolve) => {
        timer = setTimeout(resolve, longestWaitMs);
      }),
    ]);
    clearTimeout(timer);
  };

  const stateOf = (provider: Provider, { up, latencyMs }: Entry): ProviderState => {
    const open = [...breakerNames()].some((name) => name.startsWith(`${provider.name}/`) && breakers.isOpen(name));
    return {
      name: provider.name,
      url: withoutLogin(provider.url),
      local: provider.local,
      state: open ? "open-breaker" : up ? "up" : "down",
      ...(latencyMs !== undefined && { latencyMs: Math.round(latencyMs) }),
    };
  };

  return {
    async models(): Promise<ModelInfo[]> {
      const work = renew(freshMs);
      // Only a provider that has never answered is waited for.
      if ([...entries.values()].some((entry) => entry.askedAt === undefined)) await briefly(work);
      return [...entries].flatMap(([provider, { listed }]) =>
        listed.map(({ name, capabilities }) => {
          const id = `${provider.name}/${name}`;
          return { id, provider: provider.name, local: isLocal(id, provider), capabilities };
        }),
      );
    },
    async states(): Promise<ProviderState[]> {
      await briefly(renew(retryMs));
      return [...entries].map(([provider, entry]) => stateOf(provider, entry));
    },
    /** Asks one provider now, for the start. */
    async fetchNow(provider: Provider): Promise<Listed | undefined> {
      const entry = entries.get(provider);
      if (!entry) return undefined;
      entry.running ??= ask(provider, entry);
      await entry.running;
      return entry.up ? entry.listed : undefined;
    },
    /** Names known so far; never asks. */
    namesOf: (name: Provider["name"]): string[] =>
      [...entries].flatMap(([provider, { listed }]) =>
        provider.name === name ? listed.map((model) => model.name) : [],
      ),
    close: () => closed.abort(),
  };
};

export type ModelList = ReturnType<typeof createModelList>;

/** An address for showing: without user and password. */
const withoutLogin = (address: string): string => {
  const url = new URL(address);
  url.username = "";
  url.password = "";
  return url.href.replace(/\/$/, "");
};
