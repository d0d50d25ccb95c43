/** How much one connection, one caller and all together may take, and how patient the server is. */
export interface ChatLimits {
  /** Largest frame in bytes. */
  readonly frameBytes: number;
  /** Longest text of a message, in characters. */
  readonly textChars: number;
  readonly framesPerSecond: number;
  /** Frames that may come at once before the rate holds, and that may wait because of it. */
  readonly burst: number;
  readonly waitingFrames: number;
  readonly connectionsPerPrincipal: number;
  readonly connections: number;
  /** Connections that have not said hello yet. */
  readonly unknownConnections: number;
  readonly helloMs: number;
  readonly heartbeatMs: number;
  /** How often rights and lost notes are looked after. */
  readonly sweepMs: number;
  /** How long a client may read nothing before it is cut off. */
  readonly stalledMs: number;
  /** Bytes that wait for one client beyond which nothing more is sent to it for now. */
  readonly queuedBytes: number;
  /** Answers under way for one connection. */
  readonly answers: number;
  /** How long an answer goes on that nobody is connected for any more. */
  readonly abandonedMs: number;
}

export const defaultChatLimits: ChatLimits = {
  frameBytes: 1_048_576,
  textChars: 200_000,
  framesPerSecond: 50,
  burst: 100,
  waitingFrames: 2_000,
  connectionsPerPrincipal: 50,
  connections: 5_000,
  unknownConnections: 500,
  helloMs: 10_000,
  heartbeatMs: 15_000,
  sweepMs: 5_000,
  stalledMs: 10_000,
  queuedBytes: 64 * 1024,
  answers: 4,
  abandonedMs: 30_000,
};
