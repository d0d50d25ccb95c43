"""The official ollama package for Python against the server at BASE_URL. The caller has queued the model's answers in this order."""

import asyncio
import os

import ollama

BASE = os.environ["BASE_URL"]
STORY = "There was a lighthouse. It loved the sea."
MESSAGES = [{"role": "user", "content": "Tell me a little story about a lighthouse."}]
client = ollama.Client(host=BASE + "/prefix")


def turn_on(area: str) -> str:
    """Turns a lamp on.

    Args:
      area: where the lamp is
    """
    return f"{area} is on"


def plain():
    answer = client.chat(model="athena", messages=MESSAGES, keep_alive=-1)
    assert answer.message.content.strip() == STORY, answer
    assert answer.done and answer.done_reason == "stop" and isinstance(answer.total_duration, int)


def streamed():
    parts = list(client.chat(model="athena:latest", messages=MESSAGES, stream=True, keep_alive="5m"))
    assert "".join(part.message.content or "" for part in parts).strip() == STORY
    assert parts[-1].done and parts[-1].eval_count > 0


def tools():
    question = [
        {"role": "system", "content": "You control a house."},
        {"role": "user", "content": "Please use your tool for the hall and the attic."},
    ]
    parts = list(client.chat(model="athena", messages=question, tools=[turn_on], stream=True))
    calls = [call for part in parts for call in part.message.tool_calls or []]
    assert [call.function.arguments for call in calls] == [{"area": "hall"}, {"area": "attic"}], calls
    called = ollama.Message(role="assistant", tool_calls=calls)
    results = [{"role": "tool", "content": turn_on(**call.function.arguments), "tool_name": call.function.name} for call in calls]
    answer = client.chat(model="athena", messages=[*question, called, *results], tools=[turn_on])
    assert answer.message.content.strip() == "Both are on.", answer


def schema():
    form = {"type": "object", "properties": {"title": {"type": "string"}}, "required": ["title"]}
    answer = client.chat(model="athena", messages=MESSAGES, format=form)
    assert answer.message.content.strip() == '{"title":"The lighthouse"}', answer


def line_ends():
    parts = client.chat(model="openai/stand-in", messages=MESSAGES, stream=True)
    text = "".join(part.message.content or "" for part in parts)
    assert text == "a\u2028b\u2029c\u0085d 👩‍🚀", repr(text)


def generate():
    assert client.generate(model="athena", prompt=MESSAGES[0]["content"]).response.strip() == STORY


def broken_stream():
    try:
        for _ in client.chat(model="openai/stand-in", messages=MESSAGES, stream=True):
            pass
    except ollama.ResponseError:
        return
    raise AssertionError("the stream ended as if it were whole")


async def asynchronous():
    other = ollama.AsyncClient(host=BASE)
    parts = [part async for part in await other.chat(model="athena", messages=MESSAGES, stream=True)]
    assert "".join(part.message.content or "" for part in parts).strip() == STORY


def without_the_model():
    names = [model.model for model in client.list().models]
    assert names[:3] == ["athena:latest", "athena-private:latest", "athena-embed:latest"], names
    assert "tools" in client.show("athena").capabilities
    assert client.show("athena").modelinfo is not None
    assert len(client.ps().models) > 0
    assert len(client.embed(model="athena-embed", input=["lighthouse", "sea"]).embeddings) == 2
    assert len(client.embeddings(model="athena-embed", prompt="lighthouse").embedding) > 0
    assert client.pull("athena").status == "success"
    assert list(client.pull("athena", stream=True))[-1].status == "success"
    assert client.chat(model="athena", keep_alive=0).done_reason == "unload"
    for attempt in (lambda: client.pull("nobody"), lambda: client.chat(model="nobody", messages=MESSAGES)):
        try:
            attempt()
            raise AssertionError("an unknown model was accepted")
        except ollama.ResponseError as error:
            assert error.status_code == 404 and "nobody" in error.error


plain()
streamed()
tools()
schema()
line_ends()
generate()
broken_stream()
asyncio.run(asynchronous())
without_the_model()
print("passed")
