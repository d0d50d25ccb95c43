import autocannon from "autocannon";
import { homePrompt, homeTools, scriptTool } from "../tests/support/home/home-client.ts";
import { startServer } from "../tests/support/server-process.ts";
import type { HttpFigures } from "./http.ts";

const rooms = [
  "Kitchen",
  "Bedroom",
  "Office",
  "Hall",
  "Living Room",
  "Bathroom",
  "Garage",
  "Garden",
  "Nursery",
  "Attic",
];
const things: readonly (readonly [name: string, domain: string])[] = [
  ["Ceiling Light", "light"],
  ["Desk Lamp", "light"],
  ["Strip", "light"],
  ["Fan", "fan"],
  ["Socket", "switch"],
  ["Blind", "cover"],
  ["Thermostat", "climate"],
  ["Speaker", "media_player"],
  ["Temperature", "sensor"],
  ["Motion", "binary_sensor"],
];

/** A house of a hundred things, each with an alias. */
const house = rooms.flatMap((room) =>
  things.map(([name, domain]) => ({ names: `${room} ${name}, ${name} of the ${room}`, domain, areas: room })),
);

/**
 * A command from Home Assistant over `POST /api/chat`, streamed: a prompt with 100 entities whose clock moves with every
 * request, 21 tools of Assist and two scripts. No model.
 */
export const benchHome = async (): Promise<{ readonly command: HttpFigures; readonly question: HttpFigures }> => {
  const server = await startServer();
  const tools = [...homeTools(), scriptTool("good_night"), scriptTool("away", ["we leave"])];
  let second = 0;
  const bodyOf = (text: string): string => {
    second += 1;
    const time = new Date(second * 1_000).toISOString().slice(11, 19);
    const messages = [
      { role: "system", content: homePrompt({ entities: house, area: "Kitchen", time }) },
      { role: "user", content: text },
    ];
    return JSON.stringify({ model: "athena", messages, tools, stream: true, options: { num_ctx: 8192 } });
  };
  const load = async (text: string, seconds: number): Promise<HttpFigures> => {
    const result = await autocannon({
      url: `${server.url}/api/chat`,
      connections: 1,
      duration: seconds,
      requests: [
        {
          method: "POST",
          headers: { "content-type": "application/json" },
          setupRequest: (request) => ({ ...request, body: bodyOf(text) }),
        },
      ],
    });
    return {
      requestsPerSecond: result.requests.average,
      p50: result.latency.p50,
      p99: result.latency.p99,
      errors: result.errors + result.non2xx,
    };
  };
  try {
    await load("turn on the kitchen desk lamp", 3);
    const command = await load("turn on the kitchen desk lamp", 8);
    const question = await load("is the bedroom fan on?", 4);
    return { command, question };
  } finally {
    await server.stop();
  }
};
