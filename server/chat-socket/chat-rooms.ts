import { toNews } from "../../atlas/news.ts";
import type { Broadcast, Note } from "../../platform/events/broadcast.ts";
import type { Metrics } from "../../platform/metrics/metrics.ts";
import type { ChatThread, RefusedNotice } from "./chat-backend.ts";
import type { MessageFeed } from "./message-feed.ts";

/** One client in the room of its thread. */
export interface RoomMember {
  readonly feed: MessageFeed;
  typing(author: string): void;
  /** Is told that a message was refused after it had been acknowledged. */
  refused(author: string, notice: RefusedNotice): void;
}

/** Who is connected to which thread, in this process. */
export interface ChatRooms {
  /** Joins a thread until the result is called. Notes that come from now on are heard. */
  join(thread: Pick<ChatThread, "id" | "channelId">, member: RoomMember): () => void;
  /** Whether anybody of this process is on the thread. */
  isEmpty(threadId: string): boolean;
  typing(threadId: string, author: string, from: RoomMember): void;
  /** Looks for everybody whether a note was lost, and whether they still may see their thread. */
  sweep(): void;
  close(): void;
}

export interface ChatRoomsDeps {
  readonly broadcast: Pick<Broadcast, "publish" | "subscribe">;
  readonly metrics: Pick<Metrics, "chatFanout">;
}

const mostLabels = 100;

/** A direct channel's id names a person; of the others only so many become labels. */
const createChannelLabel = () => {
  const known = new Set<string>();
  return (channelId: string): string => {
    if (channelId.startsWith("direct:")) return "direct";
    if (known.size < mostLabels) known.add(channelId);
    return known.has(channelId) ? channelId : "other";
  };
};

export const createChatRooms = ({ broadcast, metrics }: ChatRoomsDeps): ChatRooms => {
  const rooms = new Map<string, { readonly members: Set<RoomMember>; readonly leave: () => void }>();
  const labelOf = createChannelLabel();
  let typist: RoomMember | undefined;

  const hear = (members: ReadonlySet<RoomMember>, channelId: string, note: Note): void => {
    if (note.kind === "typing" && typeof note.author === "string") {
      for (const member of members) if (member !== typist) member.typing(note.author);
      return;
    }
    if (note.kind === "refused" && typeof note.message_id === "string") {
      const notice = { messageId: note.message_id, code: `${note.code}` };
      for (const member of members) member.refused(`${note.author}`, notice);
      return;
    }
    const news = toNews(note);
    if (news === undefined) return;
    const sent = [...members].map(({ feed }) =>
      news.kind === "said" ? feed.catchUp() : feed.catchUpWithChange(news.position),
    );
    void Promise.all(sent).then(() =>
      metrics.chatFanout.observe({ channel_id: labelOf(channelId) }, Math.max(0, Date.now() - news.at) / 1_000),
    );
  };

  return {
    join({ id, channelId }, member) {
      let room = rooms.get(id);
      if (room === undefined) {
        const members = new Set<RoomMember>();
        room = { members, leave: broadcast.subscribe(id, (note) => hear(members, channelId, note)) };
        rooms.set(id, room);
      }
      const joined = room;
      joined.members.add(member);
      return () => {
        joined.members.delete(member);
        if (joined.members.size > 0 || rooms.get(id) !== joined) return;
        rooms.delete(id);
        joined.leave();
      };
    },
    isEmpty: (threadId) => !rooms.has(threadId),
    typing(threadId, author, from) {
      typist = from; // subscribers of this process hear it before `publish` returns
      broadcast.publish(threadId, { kind: "typing", author });
      typist = undefined;
    },
    sweep() {
      for (const { members } of rooms.values()) for (const { feed } of members) void feed.catchUp();
    },
    close() {
      for (const { leave } of rooms.values()) leave();
      rooms.clear();
    },
  };
};
