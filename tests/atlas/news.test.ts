import { expect, test } from "vitest";
import { isTurn, tellNews, toNews } from "../../atlas/news.ts";
import { createBroadcast, type Note } from "../../platform/events/broadcast.ts";
import { localPrincipal as principal } from "../../platform/policy/principal.ts";
import { createMemoryTimeline } from "../support/memory-timeline.ts";

test("a thread that turns confidential is told before what was said in it, also when nothing was", async () => {
  const broadcast = createBroadcast("embedded");
  const timeline = tellNews(createMemoryTimeline().timeline, broadcast);
  const said = [{ role: "user", author: "ada", content: "x" }] as const;
  const { id } = (await timeline.open({ principal, mode: "open", messages: said })).thread;
  const heard: Note[] = [];
  broadcast.subscribe(id, (note) => heard.push(note));
  await timeline.open({ principal, threadId: id, mode: "open", messages: said });
  expect(heard.some(isTurn)).toBe(false);
  heard.length = 0;
  await timeline.open({ principal, threadId: id, mode: "confidential", messages: said });
  expect(heard.map((note) => (isTurn(note) ? "turn" : toNews(note)?.kind))).toEqual(["turn", "said"]);
  heard.length = 0;
  await timeline.open({ principal, threadId: id, mode: "confidential", messages: [] });
  expect(heard.map(isTurn)).toEqual([true]);
});
