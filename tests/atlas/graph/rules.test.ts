import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { createRules, type Extracted } from "../../../atlas/graph/rules/extract.ts";
import { piecesOf } from "../../../atlas/graph/rules/pieces-of.ts";
import { createGazetteer } from "../../../rag-services/places/create-gazetteer.ts";

const rules = createRules({
  places: createGazetteer(),
  services: () => ["billing", "weather"],
  agents: () => ["ops"],
});
const named = ({ entities }: Extracted): string[] => entities.map(({ type, label }) => `${type}:${label}`).toSorted();
const joinedIn = ({ relations }: Extracted): string[] =>
  relations.map(({ from, kind, to }) => `${from.label} ${kind} ${to.label}`);

describe("hosts", () => {
  test.each([
    ["see https://grafana.example.com:3000/d/1?x=a.b.pl.", ["host:grafana.example.com"]],
    ["ping 10.0.0.12 and 2001:DB8:0::1 now", ["host:10.0.0.12", "host:2001:db8::1"]],
    ["http://[2001:db8::2]/ and https://192.168.1.4/x", ["host:192.168.1.4", "host:2001:db8::2"]],
    ["prometheus.internal, onet.pl and nas.local", ["host:nas.local", "host:onet.pl", "host:prometheus.internal"]],
    ["db01 and k8s-worker-3 are slow", ["host:db01", "host:k8s-worker-3"]],
    ["the server build-x fell over", ["host:build-x"]],
    ["na serwerze zeus-2 brakuje miejsca", ["host:zeus-2"]],
    ["на сервері zeus-2 немає місця", ["host:zeus-2"]],
    ["בשרת zeus-2 אין מקום", ["host:zeus-2"]],
    ["write to bob@example.com about index.md, v1.2.3, Node.js, m.in. and e.g. this.", []],
    ["It ended.So it goes, 3.14 of 1.2.3.4.5", []],
    ["COVID-19 and a 4-day week, part-time", []],
  ])("of %j", (text, expected) => {
    expect(named(rules.ofText(text)).filter((name) => name.startsWith("host:"))).toEqual(expected);
  });
});

describe("topics", () => {
  test.each([
    ["#Cluster/Monitoring and #łódka, (#лодка) #תגית", ["Cluster/Monitoring", "łódka", "лодка", "תגית"]],
    ["#123 #a1b2c3 page#part https://x.pl/#frag &#39; # Heading ##", []],
    ["#cluster and #Cluster are one", ["cluster"]],
  ])("of %j", (text, expected) => {
    expect(rules.ofText(text).topics).toEqual(expected);
  });
});

describe("people, agents and places", () => {
  test.each([
    ["@Ada, ask @ops; bob@example.com and @types/node are none", ["agent:ops", "person:Ada"]],
    ["Anna Kowalska pojechała do Krakowa", ["person:Anna Kowalska", "place:Kraków"]],
    ["Олена Шевченко була у Львові", ["person:Олена Шевченко", "place:Lviv"]],
    ["נועם כהן גר בתל אביב", ["person:נועם כהן", "place:Tel Aviv"]],
    ["Paris Hilton met Jack in Paris", ["person:Jack", "person:Paris Hilton", "place:Paris"]],
  ])("of %j", (text, expected) => {
    expect(named(rules.ofText(text))).toEqual(expected);
  });

  test("a person in another case is the same one", () => {
    const keys = (text: string) => rules.ofText(text).entities.map(({ name }) => name);
    expect(keys("Spotkałem Piotra Nowickiego")).toEqual(keys("Piotr Nowicki dzwonił"));
  });

  test("the other places of a name say where they are", () => {
    expect(named(rules.ofText("moved to Paris, Texas"))).toEqual(["place:Paris, TX, US"]);
  });
});

describe("relations", () => {
  test.each([
    ["billing depends on Postgres, Redis and kafka-2.", ["Postgres", "Redis", "kafka-2"], "billing"],
    ["Usługa billing wymaga PostgreSQL oraz Redisa", ["PostgreSQL", "Redisa"], "billing"],
    ["Сервіс Grafana залежить від Prometheus та Loki", ["Prometheus", "Loki"], "Grafana"],
    ["שירות Grafana תלוי ב-Prometheus ו-Loki", ["Prometheus", "Loki"], "Grafana"],
    ["Then `grafana` requires the database `loki`", ["loki"], "grafana"],
  ])("of %j", (text, targets, from) => {
    expect(joinedIn(rules.ofText(text))).toEqual(targets.map((to) => `${from} depends_on ${to}`));
  });

  test.each([
    "Everything depends on you.",
    "It depends on Anna",
    "depends on Redis",
    "Grafana is slow. Depends on Loki.",
    "Grafana depends on. Loki is fast",
    "Grafana depends on Grafana",
    "to zależy od pogody",
  ])("none of %j", (text) => {
    expect(joinedIn(rules.ofText(text))).toEqual([]);
  });
});

test("what stands beside the text counts: author, mentions, project, channel, tags, the message that is answered", () => {
  const said = rules.ofMeta({
    role: "user",
    author: "ada",
    meta: {
      mentions: ["@ops", "Bob", 7],
      project: "Apollo",
      tags: ["#Travel/Plans", " ", 3],
      service: "mail",
      reply_to: "018F2C1A-7E5B-7C11-9A2B-3C4D5E6F7A8B",
    },
    projects: ["Gemini"],
    channel: "The crew",
  });
  expect(named(said)).toEqual([
    "agent:ops",
    "channel:The crew",
    "person:Bob",
    "person:ada",
    "project:Apollo",
    "project:Gemini",
    "service:mail",
  ]);
  expect(said.topics).toEqual(["Travel/Plans"]);
  expect(said.references).toEqual(["018f2c1a-7e5b-7c11-9a2b-3c4d5e6f7a8b"]);
  const odd = { mentions: { a: 1 }, project: null, tags: "one", reply_to: "x" };
  expect(named(rules.ofMeta({ role: undefined, author: "", meta: odd, projects: [] }))).toEqual([]);
});

describe("on hostile text", () => {
  beforeAll(() => void rules.ofText("Anna Kowalska, Kraków, https://x.pl"));

  const unit = fc.oneof(
    fc.constantFrom(
      ...[
        "a",
        "a.",
        "a-1-",
        "@",
        "@a",
        "#a/",
        "#",
        "http://",
        "1.",
        "::",
        "depends on ",
        "A depends on B, ",
        "`",
        "[](",
      ],
      ...["Anna ", "Paris ", "host ", "018f2c1a-7e5b-", "תלוי ב", "а", "א", "wymaga ", "\\", "\n", "́", "a/"],
    ),
    fc.string({ unit: "binary", minLength: 1, maxLength: 20 }),
  );

  test("the time grows with the length, and no piece takes long", { timeout: 120_000 }, () => {
    fc.assert(
      fc.property(fc.array(unit, { minLength: 1, maxLength: 3 }), (units) => {
        const text = units
          .join("")
          .repeat(Math.ceil(100_000 / units.join("").length))
          .slice(0, 100_000);
        const times = [...piecesOf(text)].map((piece) => {
          const cpu = process.threadCpuUsage();
          rules.ofText(piece);
          const { user, system } = process.threadCpuUsage(cpu);
          return (user + system) / 1_000;
        });
        expect(times.length).toBeLessThanOrEqual(40);
        times.sort((one, other) => one - other);
        // Compiling and collecting garbage may fall on one piece.
        expect(times[Math.floor(times.length * 0.9)]).toBeLessThan(50);
      }),
      { numRuns: 25 },
    );
  });

  test("whatever it is, entities have names and relations join entities that are there", () => {
    fc.assert(
      fc.property(fc.array(unit, { maxLength: 40 }), (units) => {
        const { entities, relations, topics } = rules.ofText(units.join(""));
        const known = new Set(entities.map(({ type, name }) => `${type} ${name}`));
        expect(entities.every(({ name, label }) => name !== "" && label !== "" && label.isWellFormed())).toBe(true);
        for (const { from, to } of relations) {
          expect([known.has(`${from.type} ${from.name}`), known.has(`${to.type} ${to.name}`)]).toEqual([true, true]);
        }
        expect(topics.every((topic) => /[\p{L}\p{N}]/u.test(topic))).toBe(true);
      }),
      { numRuns: 200 },
    );
  });

  test("pieces are the text, in order, up to the longest that is read", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom("a", " ", "é"), maxLength: 30_000 }), (text) => {
        expect([...piecesOf(text)].join("")).toBe(text);
      }),
    );
    expect([...piecesOf("x".repeat(1_000_000))].join("")).toHaveLength(400_000);
  });
});
