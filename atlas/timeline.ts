import type { EgressPermit } from "../platform/egress/egress.ts";
import type { Mode } from "../platform/egress/egress-class.ts";
import type { Principal } from "../platform/policy/principal.ts";

export type MessageRole = "user" | "assistant" | "system" | "agent" | "tool";

/** Who sees it: its owner, a team, or everybody. */
export type Scope = "personal" | "team" | "public";

export interface Thread {
  readonly id: string;
  readonly channelId: string;
  readonly owner: string;
  readonly scope: Scope;
  /** Set in a team's thread. */
  readonly teamId?: string;
  readonly mode: Mode;
  readonly createdAt: string;
  readonly lastPosition: number;
  readonly meta: Record<string, unknown>;
}

export interface NewMessage {
  readonly role: MessageRole;
  readonly author: string;
  readonly content: string;
  readonly meta?: Record<string, unknown>;
  /** When it was said, where that is not now (ISO 8601); the future counts as now. */
  readonly createdAt?: string;
  /** The id it is to have, for what may be sent twice; else a fresh one. */
  readonly id?: string;
}

export interface Message extends NewMessage {
  readonly id: string;
  readonly threadId: string;
  /** From 1, without gaps inside a thread. */
  readonly position: number;
  readonly createdAt: string;
  readonly meta: Record<string, unknown>;
  /** Absent: as it was written. A deleted message keeps its position, without content. */
  readonly state?: "edited" | "deleted";
  /** When it was edited last, or deleted. */
  readonly changedAt?: string;
}

/** What is kept of one query beside its messages; no content in confidential mode. */
export interface QueryLogRow {
  readonly id: string;
  readonly threadId: string;
  readonly principal: string;
  readonly surface: string;
  readonly agent: string;
  readonly mode: Mode;
  readonly egress: string;
  readonly intents: readonly { readonly name: string; readonly confidence: number; readonly tier: string }[];
  readonly calls: readonly {
    readonly kind: string;
    readonly target: string;
    readonly status: string;
    readonly ms: number;
  }[];
  readonly model?: string;
  readonly tokensIn: number;
  readonly tokensOut: number;
  readonly cost?: number;
  readonly responseMs: number;
  readonly firstTokenMs?: number;
  readonly validation: { readonly ok: boolean; readonly violations: readonly string[] };
  readonly degraded: readonly { readonly part: string; readonly reason: string }[];
  readonly receipt: readonly object[];
  readonly traceId?: string;
}

/** Which threads are listed, newest first. */
export interface ThreadsPage {
  /** The last thread of the page before. */
  readonly after?: string;
  readonly limit: number;
  /** Undefined: the caller's own. Else what the caller sees of that scope. */
  readonly scope?: Scope;
  readonly teamId?: string;
  readonly channelId?: string;
  /** Part of the title or of another text of the meta; what is confidential is never found by it. */
  readonly query?: string;
}

/**
 * Threads and messages: the source of truth, append-only. Confidential threads are stored encrypted and read back in clear.
 * A thread that is unknown and one that the caller may not see are the same NOT_FOUND. Seen are one's own threads, those of
 * one's teams and public ones.
 */
export interface Timeline {
  /**
   * Settles the thread of a query: makes a fresh one when `threadId` is undefined (and, with `create`, when there is none of
   * that id yet), else checks ownership; makes the mode
   * sticky (a confidential request turns the thread confidential, never back; what the thread held in clear stays as it is
   * because the timeline is append-only); appends `messages`. One transaction with the outbox events, one round trip.
   * @throws {AppError} NOT_FOUND, DATABASE_UNAVAILABLE
   */
  open(request: {
    readonly principal: Principal;
    readonly threadId?: string;
    readonly create?: boolean;
    readonly mode: Mode;
    readonly scope?: Scope;
    /** For a fresh thread of scope `team`; may be left out by a member of one team only. */
    readonly teamId?: string;
    readonly meta?: Record<string, unknown>;
    readonly messages: readonly NewMessage[];
  }): Promise<{ readonly thread: Thread; readonly messages: readonly Message[] }>;
  /** Appends the answer(s) with the outbox events and the query's log row, in one transaction. */
  close(request: {
    readonly thread: Thread;
    readonly messages: readonly NewMessage[];
    readonly log: QueryLogRow;
  }): Promise<readonly Message[]>;
  thread(principal: Principal, threadId: string): Promise<Thread>;
  threads(
    principal: Principal,
    page: ThreadsPage,
  ): Promise<{ readonly threads: readonly Thread[]; readonly nextAfter: string | undefined }>;
  /** Messages after a position, oldest first. What is kept of them elsewhere holds while `revisions` and `mode` stay the same. */
  messages(
    principal: Principal,
    threadId: string,
    page: { readonly after: number; readonly limit: number },
  ): Promise<{
    readonly messages: readonly Message[];
    readonly nextAfter: number | undefined;
    readonly mode: Mode;
    /** How many edits and deletions the thread has seen, at the same moment. */
    readonly revisions: number;
  }>;
  /** Messages that were edited or deleted since a time, as they are now, in the order of positions. */
  changed(
    principal: Principal,
    threadId: string,
    page: { readonly since: Date; readonly limit: number },
  ): Promise<readonly Message[]>;
  /** The newest messages of a thread that are not deleted, oldest first: the history of the native surfaces. */
  latest(principal: Principal, threadId: string, limit: number): Promise<readonly Message[]>;
  /** Receipts of the thread's queries, newest first. */
  receipts(
    principal: Principal,
    threadId: string,
    limit: number,
  ): Promise<
    readonly {
      readonly queryId: string;
      readonly createdAt: string;
      readonly egress: string;
      readonly lines: readonly object[];
    }[]
  >;
}

/** A fragment of what was said or read before. */
export interface Recalled {
  /** The message's id; of a document, its chunk's. */
  readonly messageId: string;
  /** The message's thread; of a document, its id. */
  readonly threadId: string;
  /** Its place in the thread or the document; of a fact 0. */
  readonly position: number;
  /** Of a document: its title. */
  readonly author: string;
  readonly role: MessageRole;
  readonly content: string;
  /** Of a document: when it was read last. */
  readonly createdAt: string;
  /** 0–1: how much of the query the best fragment covers, and how the others compare with it. */
  readonly score: number;
  /** What found it: `text`, `thread` (a confidential thread's own), or another source's name. */
  readonly layer?: string;
  /** Of a summary: what it covers of its thread, and the messages that it was made of. */
  readonly summary?: {
    readonly firstPosition: number;
    readonly lastPosition: number;
    readonly sources: readonly string[];
  };
  readonly document?: {
    readonly id: string;
    readonly title: string;
    readonly source: string;
    /** Headings above the fragment, outermost first. */
    readonly headingPath: readonly string[];
    readonly page?: number;
  };
  /** Of a fact: `messageId` and `threadId` are where it was said, or the fact's id and "" when it was stated otherwise. */
  readonly fact?: { readonly id: string; readonly subject: string; readonly attribute?: string };
}

/** What was asked of Atlas: at most `limit` fragments, best first, of what the principal may see. */
export interface RecallRequest {
  readonly principal: Principal;
  readonly query: string;
  /** Where the query comes from: a confidential thread is searched from inside only, and one's own thread counts a little more. */
  readonly threadId?: string;
  /** Only what was said in this scope; without it everything that the principal sees. */
  readonly scope?: Thread["scope"];
  readonly excludeMessageId?: string;
  readonly limit: number;
  /** Whether the deep core is asked too; `auto` (default): when the query or weak finds ask for it. */
  readonly deep?: "auto" | "never" | "always";
  /** Roughly, for all fragments together. */
  readonly budgetTokens?: number;
  /** Turns beside what was found may be found too, as an answer that shares no word with its question. */
  readonly neighbours?: boolean;
  /** Messages, documents, or (without it) both. */
  readonly kinds?: readonly ("message" | "document")[];
  /** Documents of this service instead of everybody's. */
  readonly service?: string;
  /** Of the query that recall serves: what it says may leave. */
  readonly permit?: EgressPermit;
  readonly signal?: AbortSignal;
  /** Told the name of a source that failed; the others answer without it. */
  readonly onDegraded?: (source: string, error: unknown) => void;
}

/** Retrieval from Atlas (confidential: only inside its own thread). */
export type Recall = (request: RecallRequest) => Promise<readonly Recalled[]>;
