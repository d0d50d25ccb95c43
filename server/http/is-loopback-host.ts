import ipaddr from "ipaddr.js";

/** Whether a host name or address (no port; IPv6 with or without brackets) can only mean this machine. */
export const isLoopbackHost = (host: string): boolean => {
  const name = host.replace(/^\[(.*)\]$/, "$1").toLowerCase();
  if (name === "localhost" || name.endsWith(".localhost")) return true;
  return ipaddr.isValid(name) && ipaddr.process(name).range() === "loopback";
};
