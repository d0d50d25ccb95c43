import type { PlaintextRule } from "../follow/plaintext-rule.ts";
import type { Thread } from "../timeline.ts";
import { readTurn } from "./reading/read-turn.ts";

/** The sentences of a person's own turn that rules keep as facts, from where it is said; none where none are kept. */
export type KeptOfTurn = (thread: Pick<Thread, "mode" | "channelId">, text: string) => readonly string[];

/** Where people write themselves, by the beginning of a channel's id. */
const ofPeople = /^(?:direct|group|voice):/;

/** Tells what the follower of facts keeps of a turn, before it has: by the same rules. */
export const createKeptOfTurn =
  ({ rule }: { readonly rule: PlaintextRule }): KeptOfTurn =>
  ({ mode, channelId }, text) =>
    rule === "scoped" && mode === "open" && ofPeople.test(channelId)
      ? readTurn(text).statements.map(({ sentence }) => sentence)
      : [];
