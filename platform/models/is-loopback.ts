import ipaddr from "ipaddr.js";

/**
 * Whether an address leads to this machine: a loopback literal in any spelling, or `localhost`. Names under `.localhost`
 * do not count: a resolver may send them anywhere.
 */
export const isLoopback = (url: string): boolean => {
  const host = new URL(url).hostname.replace(/^\[|\]$/g, "");
  if (host === "localhost") return true;
  return ipaddr.isValid(host) && ipaddr.process(host).range() === "loopback";
};
