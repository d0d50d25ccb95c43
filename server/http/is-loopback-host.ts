import { isLoopbackHost as isThisMachine } from "../../platform/egress/is-loopback.ts";

/**
 * Whether a client that names this host (no port; IPv6 with or without brackets) means this machine. Browsers resolve names
 * under `.localhost` to loopback themselves, so here they count.
 */
export const isLoopbackHost = (host: string): boolean =>
  isThisMachine(host) || host.toLowerCase().endsWith(".localhost");
