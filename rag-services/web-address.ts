/** An address that a source sent, when it is one that a reader may open (http, https); else undefined. */
export const webAddress = (link: string | null | undefined): string | undefined => {
  const url = link == null ? null : URL.parse(link.trim());
  return url?.protocol === "https:" || url?.protocol === "http:" ? url.href : undefined;
};
