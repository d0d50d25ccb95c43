import { describe, expect, test } from "vitest";
import { timeOf } from "../../../atlas/import/imported.ts";
import { jsonElements } from "../../../atlas/import/json-elements.ts";
import { readChatGpt } from "../../../atlas/import/read-chatgpt.ts";
import { createReadJsonl } from "../../../atlas/import/read-jsonl.ts";
import { readOpenWebUi } from "../../../atlas/import/read-open-webui.ts";

describe("ChatGPT's conversations.json", () => {
  const node = (id: string, parent: string | null, children: string[], message: object | null) => ({
    [id]: { id, parent, children, message },
  });
  const message = (id: string, role: string, content: object, more: object = {}) => ({
    id,
    author: { role, name: null, metadata: {} },
    create_time: 1_700_000_000.25,
    update_time: null,
    content,
    status: "finished_successfully",
    end_turn: true,
    weight: 1,
    metadata: {},
    recipient: "all",
    ...more,
  });
  const text = (...parts: unknown[]) => ({ content_type: "text", parts });
  const conversation = {
    title: "Bread",
    create_time: 1_700_000_000.5,
    update_time: 1_700_000_100,
    conversation_id: "c-1",
    id: "c-1",
    current_node: "a2",
    is_archived: false,
    mapping: {
      ...node("root", null, ["s"], null),
      ...node("s", "root", ["ctx"], message("s", "system", text(""), { weight: 0 })),
      ...node(
        "ctx",
        "s",
        ["u1"],
        message("ctx", "user", { content_type: "user_editable_context", user_profile: "secret profile" }),
      ),
      ...node("u1", "ctx", ["a1", "t1"], message("u1", "user", text("How do I bake bread?"))),
      ...node("a1", "u1", [], message("a1", "assistant", text("A first answer, regenerated."))),
      ...node("t1", "u1", ["c1"], message("t1", "assistant", { content_type: "thoughts", thoughts: [] })),
      ...node("c1", "t1", ["o1"], message("c1", "assistant", text("search()"), { recipient: "browser" })),
      ...node("o1", "c1", ["a2"], message("o1", "tool", { content_type: "execution_output", text: "raw" })),
      ...node(
        "a2",
        "o1",
        [],
        message(
          "a2",
          "assistant",
          text("Flour\ue200cite\ue202turn0search1\ue201 and water.", { content_type: "image_asset_pointer" }),
          {
            metadata: { model_slug: "gpt-4o" },
          },
        ),
      ),
    },
  };

  test("gives what was on the screen: the current branch, without machinery", () => {
    expect(readChatGpt(conversation)).toEqual({
      key: "c-1",
      title: "Bread",
      createdAt: "2023-11-14T22:13:20.500Z",
      messages: [
        {
          key: "u1",
          role: "user",
          author: undefined,
          content: "How do I bake bread?",
          createdAt: "2023-11-14T22:13:20.250Z",
          meta: { source: "chatgpt" },
        },
        {
          key: "a2",
          role: "assistant",
          author: "chatgpt",
          content: "Flour and water.",
          createdAt: "2023-11-14T22:13:20.250Z",
          meta: { source: "chatgpt", model: "gpt-4o" },
        },
      ],
    });
  });

  test("without a current node takes the newest branch, and a circle comes to an end", () => {
    const { current_node: _, ...rest } = conversation;
    const later = {
      ...rest.mapping,
      ...node("a1", "u1", [], message("a1", "assistant", text("Newest."), { create_time: 1_800_000_000 })),
    };
    expect(readChatGpt({ ...rest, mapping: later }).messages.map(({ key }) => key)).toEqual(["u1", "a1"]);
    const circle = { ...node("x", "y", [], message("x", "user", text("x"))), ...node("y", "x", [], null) };
    expect(readChatGpt({ ...conversation, current_node: "x", mapping: circle }).messages).toHaveLength(1);
  });

  test("refuses what is no conversation", () => {
    for (const element of [null, 5, "x", {}, { mapping: [] }, { mapping: { a: { message: { author: 1 } } } }]) {
      expect(() => readChatGpt(element)).toThrow();
    }
  });
});

describe("Open WebUI's export", () => {
  const chat = {
    id: "row-1",
    user_id: "u",
    title: "Trains",
    chat: {
      id: "",
      title: "Trains",
      models: ["llama3.2:3b"],
      params: {},
      history: {
        messages: {
          m1: {
            id: "m1",
            parentId: null,
            childrenIds: ["m2", "m3"],
            role: "user",
            content: "When?",
            timestamp: 1_731_000_000,
          },
          m2: {
            id: "m2",
            parentId: "m1",
            childrenIds: [],
            role: "assistant",
            content: "Old.",
            model: "a",
            timestamp: 1_731_000_001,
          },
          m3: {
            id: "m3",
            parentId: "m1",
            childrenIds: [],
            role: "assistant",
            content: '<details type="reasoning" done="true">\n<summary>Thought</summary>\nhm\n</details>\nAt nine.',
            model: "llama3.2:3b",
            timestamp: 1_731_000_002,
            done: true,
          },
        },
        currentId: "m3",
      },
      messages: [],
      tags: [],
      timestamp: 1_731_000_000_000,
    },
    updated_at: 1_731_000_009,
    created_at: 1_731_000_000,
    share_id: null,
    archived: false,
  };

  test("gives the current branch of a chat, without folded thoughts", () => {
    const read = readOpenWebUi(chat);
    expect(read).toMatchObject({ key: "row-1", title: "Trains", createdAt: "2024-11-07T17:20:00.000Z" });
    expect(read.messages.map(({ role, author, content }) => [role, author, content])).toEqual([
      ["user", undefined, "When?"],
      ["assistant", "llama3.2:3b", "At nine."],
    ]);
  });

  test("takes old chats, which hold a list, and a chat without its row", () => {
    const list = {
      title: "T",
      messages: [
        { role: "user", content: [{ type: "text", text: "a" }] },
        { role: "assistant", content: "b" },
      ],
    };
    expect(readOpenWebUi({ id: "r", chat: list }).messages.map(({ content }) => content)).toEqual(["a", "b"]);
    expect(readOpenWebUi(chat.chat).messages).toHaveLength(2);
    expect(readOpenWebUi(chat.chat).key).toBe(readOpenWebUi(structuredClone(chat.chat)).key);
    for (const element of [{}, { chat: {} }, { chat: { history: { messages: { a: { role: 5 } } } } }]) {
      expect(() => readOpenWebUi(element)).toThrow();
    }
  });
});

describe("lines of JSON", () => {
  test("tell equal lines apart, and give a line the same key in every run", () => {
    const lines = [
      '{"content":"a"}',
      '{"content":"a"}',
      '{"text":"b","role":"agent","author":"n8n","id":7,"thread":"x"}',
    ];
    const read = () => lines.map(createReadJsonl());
    expect(read()).toEqual(read());
    const [first, second, third] = read();
    expect(first!.message).toMatchObject({ role: "user", author: undefined, content: "a", meta: {} });
    expect(first!.message.key).not.toBe(second!.message.key);
    expect(third).toMatchObject({
      conversation: "x",
      message: { key: "7", role: "agent", author: "n8n", content: "b" },
    });
  });

  test.each(["{", "5", "null", "{}", '{"content":5}', '{"role":"boss","content":"a"}'])("refuse %s", (line) => {
    expect(() => createReadJsonl()(line)).toThrow();
  });
});

describe("an array of JSON", () => {
  const cut = async (json: string, size: number) => {
    const pieces = async function* () {
      for (let at = 0; at < json.length; at += size) yield json.slice(at, at + size);
    };
    const elements = [];
    for await (const { text, line } of jsonElements(pieces())) elements.push([text.trim(), line]);
    return elements;
  };

  test("is cut into its elements with their lines, wherever the pieces end", async () => {
    const json = '\ufeff[\n {"a": "]},\\"["},\n\n [1, [2]], "x,y",\n 5 , {"b": {"c": []}}\n]\n';
    const expected = [
      ['{"a": "]},\\"["}', 2],
      ["[1, [2]]", 4],
      ['"x,y"', 4],
      ["5", 5],
      ['{"b": {"c": []}}', 5],
    ];
    for (const size of [1, 2, 3, 7, 1_000]) expect(await cut(json, size)).toEqual(expected);
    expect(await cut(" [ ] ", 2)).toEqual([]);
    expect(await cut("", 2)).toEqual([]);
    expect(await cut('{"a": [1, 2]}', 4)).toEqual([['{"a": [1, 2]}', 1]]);
  });

  test("that breaks off gives its beginning and a rest that does not parse", async () => {
    expect(await cut('[{"a":1},\n{"b":', 5)).toEqual([
      ['{"a":1}', 1],
      ['{"b":', 2],
    ]);
  });
});

test("times are read in seconds, milliseconds, nanoseconds and text", () => {
  const time = "2023-11-14T22:13:20.000Z";
  for (const value of [
    1_700_000_000,
    1_700_000_000_000,
    1_700_000_000_000_000_000,
    time,
    "2023-11-14T23:13:20+01:00",
  ]) {
    expect(timeOf(value)).toBe(time);
  }
  for (const value of [undefined, null, "", "soon", 0, -5, Number.NaN, Number.POSITIVE_INFINITY, {}]) {
    expect(timeOf(value)).toBeUndefined();
  }
});
