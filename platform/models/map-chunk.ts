import type { ChatGenerationChunk } from "@langchain/core/outputs";
import { mapFinishReason, mapUsage } from "./map-openai.ts";
import type { ProviderDelta, ToolFragment } from "./provider.ts";

/** One chunk of a LangChain stream as the gateway's delta; text is taken as it is, byte for byte. */
export const mapChunk = ({ message, generationInfo }: ChatGenerationChunk): ProviderDelta => {
  const chunk = message as typeof message & {
    tool_call_chunks?: readonly { name?: string; args?: string; id?: string; index?: number }[];
    usage_metadata?: Parameters<typeof mapUsage>[0];
  };
  const reasoning = chunk.additional_kwargs.reasoning_content;
  const fragments = (chunk.tool_call_chunks ?? []).map(
    ({ index, id, name, args }): ToolFragment => ({
      index: index ?? 0,
      ...(id && { id }),
      ...(name && { name }),
      ...(args && { arguments: args }),
    }),
  );
  // OpenAI's word stands beside the chunk, Ollama's in the metadata of the last one.
  const metadata = chunk.response_metadata as { done?: boolean; done_reason?: string };
  const finish =
    (generationInfo?.finish_reason as string | undefined) ??
    (metadata.done ? (metadata.done_reason ?? "stop") : undefined);
  const usage = chunk.usage_metadata && mapUsage(chunk.usage_metadata);
  return {
    ...(typeof chunk.content === "string" && chunk.content !== "" && { text: chunk.content }),
    ...(typeof reasoning === "string" && reasoning !== "" && { reasoning }),
    ...(fragments.length > 0 && { toolFragments: fragments }),
    ...(finish !== undefined && { finish: mapFinishReason(finish) }),
    ...(usage && { usage }),
  };
};
