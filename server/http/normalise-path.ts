import type { RequestHandler } from "express";

const doubled = /\/{2,}/g;

/** `//v1//models/?a=1` → `/v1/models?a=1`: users paste base URLs with and without a trailing slash. */
export const tidyPath = (url: string): string => {
  const mark = url.indexOf("?");
  const path = mark < 0 ? url : url.slice(0, mark);
  const tidy = path.replace(doubled, "/");
  const bare = tidy.length > 1 && tidy.endsWith("/") ? tidy.slice(0, -1) : tidy;
  return mark < 0 ? bare : bare + url.slice(mark);
};

/** Rewrites `request.url` when it has doubled or trailing slashes. */
export const normalisePath: RequestHandler = (request, _response, next) => {
  if (request.url.includes("//") || request.url.includes("/?") || request.url.endsWith("/")) {
    request.url = tidyPath(request.url);
  }
  next();
};
