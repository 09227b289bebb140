"""Runs OpenAI's Python package against a running `npm start`, and prints what it finds.

    python3 -m venv /tmp/openai && /tmp/openai/bin/pip install openai
    npm start -- --headless &
    /tmp/openai/bin/python scripts/check-openai-python.py [http://127.0.0.1:8080/v1]

VECDROP_TOKEN is the token, where the server asks for one. The exit status is 0 when all is as it should be.
"""

import math
import os
import sys

import openai
from openai import OpenAI

base_url = sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8080/v1"
client = OpenAI(base_url=base_url, api_key=os.environ.get("VECDROP_TOKEN", "none"), max_retries=0)
wrong = 0


def check(what, seen, right):
    global wrong
    wrong += not right
    print(f"{'ok   ' if right else 'WRONG'} {what}: {seen}")


def raises(what, kind, call):
    try:
        check(what, call(), False)
    except openai.OpenAIError as error:
        check(what, f"{type(error).__name__}: {error.body['message'] if hasattr(error, 'body') else error}", isinstance(error, kind))


print(f"openai {openai.__version__}, {base_url}")
models = [model.id for model in client.models.list()]
check("models", ", ".join(models), "all-MiniLM-L6-v2" in models)
check("a model by an alias", client.models.retrieve("embedding").id, True)

texts = ["a boat on the river", "tax law"]
decoded = client.embeddings.create(model="all-MiniLM-L6-v2", input=texts)
floats = client.embeddings.create(model="all-MiniLM-L6-v2", input=texts, encoding_format="float")
same = all(
    math.isclose(a, b, abs_tol=1e-7)
    for one, two in zip(decoded.data, floats.data)
    for a, b in zip(one.embedding, two.embedding)
)
check("embeddings", f"{len(decoded.data)} of {len(decoded.data[0].embedding)} dimensions", len(decoded.data) == 2)
check("base64 and floats agree", same, same)
check("tokens", decoded.usage.prompt_tokens, decoded.usage.prompt_tokens == decoded.usage.total_tokens)
short = client.embeddings.create(model="embedding", input=[[101, 102]], dimensions=8)
check("token ids, 8 dimensions", len(short.data[0].embedding), len(short.data[0].embedding) == 8)

added = client.files.create(file=("tides.txt", b"Ebb and flow."), purpose="assistants")
check("a file", f"{added.filename}, {added.bytes} bytes, {added.purpose}", added.bytes == 13)
check("it is listed", added.id, added.id in [file.id for file in client.files.list()])
check("it is retrieved", client.files.retrieve(added.id).id, client.files.retrieve(added.id) == added)
content = client.files.content(added.id).read()
check("its content", content, content == b"Ebb and flow.")
chunks = client.post("/chunks", body={"id": added.id, "filename": "tides.txt"}, cast_to=object)
check("its chunks", chunks["chunks"], chunks["chunks"] == ["Ebb and flow."])
check("it is deleted", client.files.delete(added.id).deleted, True)

raises("no such file", openai.NotFoundError, lambda: client.files.retrieve(added.id))
raises("no such model", openai.NotFoundError, lambda: client.embeddings.create(model="gpt-none", input="a"))
raises("an empty input", openai.BadRequestError, lambda: client.embeddings.create(model="embedding", input=""))
raises(
    "too long an input",
    openai.BadRequestError,
    lambda: client.embeddings.create(model="embedding", input="river " * 600),
)

print("all as it should be" if wrong == 0 else f"{wrong} not as they should be")
sys.exit(1 if wrong else 0)
