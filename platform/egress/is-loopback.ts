import ipaddr from "ipaddr.js";

/**
 * Whether a host (no port; IPv6 with or without brackets) is this machine: a loopback literal in any spelling, or `localhost`.
 * Names under `.localhost` do not count: a resolver may send them anywhere.
 */
export const isLoopbackHost = (host: string): boolean => {
  const name = host.replace(/^\[(.*)\]$/, "$1").toLowerCase();
  return name === "localhost" || (ipaddr.isValid(name) && ipaddr.process(name).range() === "loopback");
};

/** The same for the host of an address. */
export const isLoopback = (url: string | URL): boolean => isLoopbackHost(new URL(url).hostname);
