"""Writes the files in src/import/fixtures with the programs that people have such files from.

    python3 -m venv /tmp/tables && /tmp/tables/bin/pip install numpy pandas pyarrow duckdb
    /tmp/tables/bin/python scripts/make-import-fixtures.py

Number j of vector i is ((31 i + 17 j) mod 97 - 48) / 97, so that a test can say what must come back to the bit.
"""

import base64
import json
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

ROWS, DIMENSIONS = 12, 8
OUT = Path(__file__).parent.parent / "src/import/fixtures"

rows = np.arange(ROWS)[:, None]
places = np.arange(DIMENSIONS)[None, :]
exact = ((31 * rows + 17 * places) % 97 - 48) / 97
vectors = exact.astype("float32")
texts = [f'Passage {i}, "quoted",\nof the harbour’s book.' for i in range(ROWS)]
sources = [f"book-{i // 6}.txt" for i in range(ROWS)]


def written(name: str, text: str) -> None:
    (OUT / name).write_text(text, encoding="utf-8")


OUT.mkdir(parents=True, exist_ok=True)

frame = pd.DataFrame({"text": texts, "source": sources, "embedding": list(vectors)})
frame.to_parquet(OUT / "pandas-snappy.parquet")

metadata = [{"source": source, "page": 1 + i} for i, source in enumerate(sources)]
table = pa.table(
    {
        "document": texts,
        "metadata": pa.array(metadata),
        "vector": pa.FixedSizeListArray.from_arrays(pa.array(exact.ravel()), DIMENSIONS),
    }
)
pq.write_table(table, OUT / "pyarrow-zstd-float64.parquet", compression="zstd")
pq.write_table(
    table, OUT / "pyarrow-pages.parquet", compression="gzip", data_page_version="2.0", row_group_size=5, data_page_size=64
)
holes = pa.array([vectors[0], None, [1, None, *vectors[2][2:]]], pa.list_(pa.float32()))
pq.write_table(pa.table({"text": texts[:3], "vector": holes}), OUT / "pyarrow-nulls.parquet")
duckdb.sql("SELECT * FROM frame").write_parquet(str(OUT / "duckdb.parquet"), compression="zstd")

np.save(OUT / "float32.npy", vectors)
np.save(OUT / "float64.npy", exact)
np.save(OUT / "float16.npy", exact.astype("float16"))
np.save(OUT / "fortran.npy", np.asfortranarray(vectors))
np.save(OUT / "one-dimension.npy", vectors[0])
lines = [json.dumps({"text": text, "source": source}, ensure_ascii=False) for text, source in zip(texts, sources)]
written("float32.jsonl", "".join(f"{line}\n" for line in lines))

listed = frame.assign(embedding=[[float(value) for value in vector] for vector in vectors])
listed.to_csv(OUT / "pandas.csv", index=False)
listed.to_csv(OUT / "pandas-index.tsv", sep="\t")
wide = pd.concat([frame[["text", "source"]], pd.DataFrame(vectors).add_prefix("e")], axis=1)
wide.to_csv(OUT / "pandas-wide.csv", index=False, sep=";", encoding="utf-8-sig", lineterminator="\r\n")

records = [
    {
        "id": str(i),
        "page_content": texts[i],
        "metadata": {"source": sources[i], "start_index": 1000 * i},
        "embedding": [float(value) for value in vectors[i]],
        "type": "Document",
    }
    for i in range(ROWS)
]
written("langchain.jsonl", "".join(f"{json.dumps(record)}\n" for record in records))

answer = {
    "object": "list",
    "data": [
        {"object": "embedding", "index": i, "embedding": base64.b64encode(vector.tobytes()).decode()}
        for i, vector in enumerate(vectors)
    ],
    "model": "text-embedding-3-small",
    "usage": {"prompt_tokens": 96, "total_tokens": 96},
}
written("openai.json", json.dumps(answer, indent=2) + "\n")
