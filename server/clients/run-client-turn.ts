import type { ClientConversations } from "../../atlas/client-conversations.ts";
import type { Timeline } from "../../atlas/timeline.ts";
import type { ClientProfileRow } from "../../platform/config/registry.ts";
import type { Mode } from "../../platform/egress/egress-class.ts";
import type { Principal } from "../../platform/policy/principal.ts";
import type { ChatCaller, ChatTurn, RunChatTurn } from "../chat/chat-turn.ts";
import { auxiliaryTaskOf } from "./auxiliary-task.ts";
import { externalConversationId } from "./external-conversation-id.ts";
import type { RunAuxiliaryTurn } from "./run-auxiliary-turn.ts";

export interface ClientTurnDeps {
  readonly profiles: () => readonly ClientProfileRow[];
  readonly conversations: ClientConversations;
  readonly timeline: Pick<Timeline, "thread">;
  readonly runEngineTurn: RunChatTurn;
  readonly runAuxiliaryTurn: RunAuxiliaryTurn;
}

const conversationOf = (profile: ClientProfileRow, { principal, headers }: ChatCaller, { meta = {} }: ChatTurn) => {
  const metadata = (meta.metadata ?? {}) as Readonly<Record<string, unknown>>;
  const externalId = externalConversationId(profile, { headers, user: meta.user, metadata });
  return externalId === undefined ? undefined : { owner: principal.id, profile: profile.id, externalId };
};

/**
 * Answers a chat turn as its client's profile says: in the thread of the client's own conversation, in plain speech, or in the
 * side lane. A thread that the request itself names wins. Clients without a profile are stateless.
 */
export const createRunClientTurn = (deps: ClientTurnDeps): RunChatTurn => {
  const modeOf = async (principal: Principal, threadId: string | undefined, asked: Mode): Promise<Mode> => {
    if (threadId === undefined || asked === "confidential") return asked;
    // What is asked about a confidential conversation is confidential, even where nobody can be asked about it.
    return deps.timeline.thread(principal, threadId).then(
      ({ mode }) => mode,
      () => "confidential" as const,
    );
  };

  return async function runClientTurn(turn, caller, sink) {
    const profile = deps.profiles().find(({ id }) => id === caller.principal.profile);
    if (profile === undefined) return deps.runEngineTurn(turn, caller, sink);
    const conversation = turn.control.threadId === undefined ? conversationOf(profile, caller, turn) : undefined;
    const task = turn.tools === undefined ? auxiliaryTaskOf(profile, caller.headers, turn.messages) : undefined;
    if (task !== undefined) {
      const threadId = conversation ? await deps.conversations.find(conversation) : turn.control.threadId;
      // A conversation that is not known here may be a confidential one of another key, or not stored yet.
      const isLost = conversation !== undefined && threadId === undefined;
      const mode = isLost ? "confidential" : await modeOf(caller.principal, threadId, turn.control.mode);
      return deps.runAuxiliaryTurn(task, { ...turn, control: { ...turn.control, mode } }, caller, sink);
    }
    const thread = conversation && { threadId: await deps.conversations.threadOf(conversation), createThread: true };
    return deps.runEngineTurn(
      { ...turn, control: { ...turn.control, ...thread, ...(profile.voice ? { voice: true } : {}) } },
      caller,
      sink,
    );
  };
};
