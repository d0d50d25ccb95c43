/** Lets readings that begin in one go share one answer: each is made after all who wait for it have asked. */
export const createSharedReads = <Result>() => {
  const waiting = new Map<string, Promise<Result>>();
  return (key: string, read: () => Promise<Result>): Promise<Result> => {
    let shared = waiting.get(key);
    if (shared === undefined) {
      shared = Promise.resolve().then(() => {
        waiting.delete(key);
        return read();
      });
      waiting.set(key, shared);
    }
    return shared;
  };
};
