"""The official openai package for Python against the server at BASE_URL. The caller has queued the model's answers in this order."""

import asyncio
import os

import openai
from pydantic import BaseModel

BASE = os.environ["BASE_URL"] + "/v1"
STORY = "There was a lighthouse. It loved the sea."
MESSAGES = [{"role": "user", "content": "Tell me a little story about a lighthouse."}]
TOOLS = [
    {
        "type": "function",
        "function": {
            "name": "turn_on",
            "description": "Turns a lamp on.",
            "parameters": {"type": "object", "properties": {"area": {"type": "string"}}},
        },
    }
]
client = openai.OpenAI(base_url=BASE, api_key="not-needed", max_retries=0)


class Book(BaseModel):
    title: str


def plain():
    completion = client.chat.completions.create(model="athena", messages=MESSAGES)
    assert completion.choices[0].message.content.strip() == STORY, completion
    assert completion.choices[0].finish_reason == "stop"
    assert completion.usage.total_tokens == completion.usage.prompt_tokens + completion.usage.completion_tokens
    assert completion._request_id
    assert completion.model_extra["athena"]["thread_id"]


def streamed():
    stream = client.chat.completions.create(
        model="athena", messages=MESSAGES, stream=True, stream_options={"include_usage": True}
    )
    chunks = list(stream)
    assert "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices).strip() == STORY
    assert chunks[-1].usage.total_tokens > 0


def helper():
    with client.chat.completions.stream(model="athena", messages=MESSAGES) as stream:
        for _ in stream:
            pass
        final = stream.get_final_completion()
    assert final.choices[0].message.role == "assistant"
    assert final.choices[0].message.content.strip() == STORY


def tools():
    question = [{"role": "user", "content": "Please use your tool for the hall and the attic."}]
    with client.chat.completions.stream(model="athena", messages=question, tools=TOOLS) as stream:
        for _ in stream:
            pass
        message = stream.get_final_completion().choices[0].message
    assert [call.function.arguments for call in message.tool_calls] == ['{"area":"hall"}', '{"area":"attic"}'], message
    results = [{"role": "tool", "tool_call_id": call.id, "content": "done"} for call in message.tool_calls]
    calls = {
        "role": "assistant",
        "tool_calls": [
            {"id": call.id, "type": "function", "function": {"name": call.function.name, "arguments": call.function.arguments}}
            for call in message.tool_calls
        ],
    }
    answer = client.chat.completions.create(model="athena", messages=[*question, calls, *results], tools=TOOLS)
    assert answer.choices[0].message.content.strip() == "Both are on.", answer


def parsed():
    completion = client.chat.completions.parse(model="athena", messages=MESSAGES, response_format=Book)
    assert completion.choices[0].message.parsed == Book(title="The lighthouse")


def line_ends():
    completion = client.chat.completions.create(model="openai/stand-in", messages=MESSAGES, stream=True)
    text = "".join(chunk.choices[0].delta.content or "" for chunk in completion)
    assert text == "a\u2028b\u2029c\u0085d 👩‍🚀", repr(text)


def broken_stream():
    stream = client.chat.completions.create(model="openai/stand-in", messages=MESSAGES, stream=True)
    try:
        for _ in stream:
            pass
    except openai.APIError:
        return
    raise AssertionError("the stream ended as if it were whole")


async def asynchronous():
    async with openai.AsyncOpenAI(base_url=BASE, api_key="not-needed", max_retries=0) as other:
        completion = await other.chat.completions.create(model="athena", messages=MESSAGES)
        assert completion.choices[0].message.content.strip() == STORY


def without_the_model():
    for stream in (False, True):
        try:
            client.chat.completions.create(model="nobody", messages=MESSAGES, stream=stream)
            raise AssertionError("an unknown model was accepted")
        except openai.NotFoundError as error:
            assert error.code == "model_not_found" and error.request_id
    ids = [model.id for model in client.models.list()]
    assert ids[:3] == ["athena", "athena-private", "athena-embed"], ids
    assert client.models.retrieve("openai/stand-in").id == "openai/stand-in"
    encoded = client.embeddings.create(model="athena-embed", input=["Kraków", "sea"])
    numbers = client.embeddings.create(model="athena-embed", input=["Kraków", "sea"], encoding_format="float")
    for left, right in zip(encoded.data, numbers.data, strict=True):
        assert all(abs(a - b) < 1e-6 for a, b in zip(left.embedding, right.embedding, strict=True))


plain()
streamed()
helper()
tools()
parsed()
line_ends()
broken_stream()
asyncio.run(asynchronous())
without_the_model()
print("passed")
