import type { RecallRequest } from "../timeline.ts";
import type { CandidateSource, Find } from "./candidate-source.ts";
import type { SourceFinds } from "./fuse.ts";

export type AskedSource = Omit<SourceFinds, "finds"> & { readonly finds: readonly Find[] };

const mostFromSource = 100;

/** What the sources found, without those that found nothing. One that fails is told as degraded; the others answer. */
export const askSources = async (
  sources: readonly CandidateSource[],
  request: RecallRequest,
  threadId: string | null,
): Promise<AskedSource[]> => {
  const { principal, query, scope = null, kinds = ["message", "document"], service, permit, signal } = request;
  const withMessages = kinds.includes("message") && service === undefined;
  const ask = {
    principal,
    query,
    threadId,
    scope,
    withMessages,
    kinds,
    limit: mostFromSource,
    ...(service === undefined ? {} : { service }),
    ...(permit ? { permit } : {}),
    ...(signal ? { signal } : {}),
  };
  const asked = await Promise.all(
    sources.map(async (source) => {
      const { name, scale } = source;
      const finds = await source.find(ask).catch((error: unknown) => {
        signal?.throwIfAborted();
        const { part = name } = source;
        request.onDegraded?.(typeof part === "string" ? part : part(error), error);
        return [];
      });
      return { name, weight: source.weight, ...(scale ? { scale } : {}), finds };
    }),
  );
  return asked.filter(({ finds }) => finds.length > 0);
};
