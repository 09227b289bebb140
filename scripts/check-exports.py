"""Reads a folder of exports with the tools they are made for, and compares the nearest neighbours that each finds.

    npm run embed -- public/sample docs --out out/v.json --out out/v.parquet --out out/v.arrow --out out/v.csv \
        --out out/v.sqlite --out out/v.npy
    npm run embed -- public/sample docs --out out/chroma.jsonl --format chroma     (and so on for the others)
    pip install numpy pandas pyarrow duckdb apsw sqlite-vec chromadb lancedb langchain-core llama-index-core qdrant-client
    python scripts/check-exports.py out

v.json must be there: its vectors are the truth, searched by numpy in float64. The queries are 20 of its vectors. Two
hits count as the same where their distances differ by less than one part in 100,000, for tools add up in float32.
"""

import json
import sys
import tempfile
from pathlib import Path

import numpy as np

QUERIES = 20
NEIGHBOURS = 10
folder = Path(sys.argv[1] if len(sys.argv) > 1 else ".")
truth = json.loads((folder / "v.json").read_text("utf-8"))["data"]
ids = [record["id"] for record in truth]
vectors = np.array([record["embedding"] for record in truth], dtype=np.float32)
places = {name: number for number, name in enumerate(ids)}
unit = vectors.astype(np.float64)
unit /= np.linalg.norm(unit, axis=1, keepdims=True)
cosines = unit @ unit.T
queries = np.linspace(0, len(ids) - 1, QUERIES).astype(int)


def compare(name, search):
    """`search` takes a vector and returns ids, best first."""
    wrong = 0
    for query in queries:
        found = list(search(vectors[query]))[:NEIGHBOURS]
        best = np.sort(cosines[query])[::-1][:NEIGHBOURS]
        got = np.array([cosines[query][places[str(hit)]] for hit in found])
        if len(got) != len(best) or np.abs(got - best).max() > 1e-5:
            wrong += 1
    print(f"{name:42} {QUERIES - wrong} of {QUERIES} queries have the same {NEIGHBOURS} neighbours")
    return wrong


def by_matrix(matrix, names):
    matrix = np.asarray(matrix, dtype=np.float64)
    matrix = matrix / np.linalg.norm(matrix, axis=1, keepdims=True)
    return lambda vector: [names[i] for i in np.argsort(-(matrix @ vector))[:NEIGHBOURS]]


def same_bits(name, matrix):
    equal = np.array_equal(np.asarray(matrix, dtype=np.float32).view(np.uint32), vectors.view(np.uint32))
    print(f"{name:42} float32 bits {'equal' if equal else 'DIFFER'}")
    return 0 if equal else 1


def check_parquet(path):
    import duckdb
    import pandas as pd
    import pyarrow.parquet as pq

    table = pq.read_table(path)
    wrong = same_bits("pyarrow, Parquet", np.stack(table["embedding"].to_numpy(zero_copy_only=False)))
    frame = pd.read_parquet(path)
    wrong += compare("pandas, Parquet", by_matrix(np.stack(frame["embedding"].to_list()), frame["id"].to_list()))
    connection = duckdb.connect()
    size = vectors.shape[1]
    ask = (
        f"SELECT id FROM '{path}' ORDER BY "
        f"array_cosine_similarity(embedding::FLOAT[{size}], ?::FLOAT[{size}]) DESC LIMIT {NEIGHBOURS}"
    )
    wrong += compare("DuckDB, Parquet", lambda v: [row[0] for row in connection.execute(ask, [v.tolist()]).fetchall()])
    metadata = pq.read_metadata(path).metadata
    print(f"{'':42} footer: {metadata[b'vecdrop:model'].decode()}, recipe of {len(metadata[b'vecdrop:recipe'])} bytes")
    return wrong


def check_arrow(path):
    import lancedb
    import pyarrow as pa
    import pyarrow.feather as feather

    with pa.memory_map(str(path)) as source:
        table = pa.ipc.open_file(source).read_all()
    matrix = table["embedding"].combine_chunks().flatten().to_numpy().reshape(-1, vectors.shape[1])
    wrong = same_bits("pyarrow, Arrow", matrix)
    frame = feather.read_feather(path)
    wrong += compare("pandas, Feather", by_matrix(np.stack(frame["embedding"].to_list()), frame["id"].to_list()))
    with tempfile.TemporaryDirectory() as home:
        lance = lancedb.connect(home).create_table("chunks", table)
        wrong += compare(
            "LanceDB, from the Arrow file",
            lambda v: [
                hit["id"]
                for hit in lance.search(v, vector_column_name="embedding").distance_type("cosine").limit(NEIGHBOURS).to_list()
            ],
        )
    return wrong


def check_csv(path):
    import pandas as pd

    frame = pd.read_csv(path)
    matrix = np.array([json.loads(cell) for cell in frame["embedding"]], dtype=np.float32)
    return same_bits("pandas, CSV", matrix) + compare("pandas, CSV", by_matrix(matrix, frame["id"].to_list()))


def check_npy(path):
    matrix = np.load(path, mmap_mode="r")
    lines = path.with_suffix(".jsonl").read_text("utf-8").splitlines()
    names = [json.loads(line)["id"] for line in lines]
    return same_bits("numpy, npy", matrix) + compare("numpy, npy + jsonl", by_matrix(matrix, names))


def check_sqlite(path):
    # apsw, for many builds of Python cannot load extensions into sqlite3.
    import apsw
    import sqlite_vec

    database = apsw.Connection(str(path))
    database.enable_load_extension(True)
    database.load_extension(sqlite_vec.loadable_path())
    ask = f"SELECT id FROM chunks ORDER BY vec_distance_cosine(embedding, ?) LIMIT {NEIGHBOURS}"
    wrong = compare("sqlite-vec", lambda v: [row[0] for row in database.execute(ask, [v.tobytes()])])
    blobs = [row[0] for row in database.execute("SELECT embedding FROM chunks ORDER BY rowid")]
    return wrong + same_bits("SQLite", np.frombuffer(b"".join(blobs), dtype="<f4").reshape(len(blobs), -1))


def check_chroma(path):
    import chromadb

    client = chromadb.EphemeralClient()
    collection = client.create_collection("chunks", configuration={"hnsw": {"space": "cosine", "ef_search": 400}})
    for line in path.read_text("utf-8").splitlines():
        collection.upsert(**json.loads(line))
    return compare(
        "Chroma",
        lambda v: collection.query(query_embeddings=[v.tolist()], n_results=NEIGHBOURS)["ids"][0],
    )


def check_qdrant(path):
    from qdrant_client import QdrantClient, models

    client = QdrantClient(":memory:")
    size = vectors.shape[1]
    client.create_collection("chunks", vectors_config=models.VectorParams(size=size, distance=models.Distance.COSINE))
    for line in path.read_text("utf-8").splitlines():
        client.upsert("chunks", [models.PointStruct(**point) for point in json.loads(line)["points"]])
    return compare(
        "Qdrant’s client, in memory",
        lambda v: [hit.id for hit in client.query_points("chunks", query=v.tolist(), limit=NEIGHBOURS).points],
    )


def check_langchain(path):
    from langchain_core.embeddings import DeterministicFakeEmbedding
    from langchain_core.vectorstores import InMemoryVectorStore

    store = InMemoryVectorStore.load(str(path), DeterministicFakeEmbedding(size=vectors.shape[1]))
    return compare(
        "LangChain, InMemoryVectorStore",
        lambda v: [hit.id for hit in store.similarity_search_by_vector(v.tolist(), k=NEIGHBOURS)],
    )


def check_llamaindex(path):
    from llama_index.core.schema import TextNode
    from llama_index.core.vector_stores import SimpleVectorStore, VectorStoreQuery

    nodes = [TextNode.from_dict(json.loads(line)) for line in path.read_text("utf-8").splitlines()]
    store = SimpleVectorStore()
    store.add(nodes)
    return compare(
        "LlamaIndex, SimpleVectorStore",
        lambda v: store.query(VectorStoreQuery(query_embedding=v.tolist(), similarity_top_k=NEIGHBOURS)).ids,
    )


CHECKS = {
    "v.parquet": check_parquet,
    "v.arrow": check_arrow,
    "v.csv": check_csv,
    "v.npy": check_npy,
    "v.sqlite": check_sqlite,
    "chroma.jsonl": check_chroma,
    "qdrant.jsonl": check_qdrant,
    "langchain.json": check_langchain,
    "llamaindex.jsonl": check_llamaindex,
}

failures = sum(check(folder / name) for name, check in CHECKS.items() if (folder / name).exists())
missing = [name for name in CHECKS if not (folder / name).exists()]
if missing:
    print(f"Not there, so not checked: {', '.join(missing)}")
print("all agree" if failures == 0 else f"{failures} disagreements")
sys.exit(1 if failures else 0)
