"""Fills real databases by the page's own code, kills it at half, runs it again, and looks with the official clients.

    npm run embed -- public/sample docs src/workspace src/store src/embed --out v.json
    pip install chromadb qdrant-client qdrant-edge-py numpy
    python scripts/check-upsert.py v.json
    python scripts/check-upsert.py v.json --qdrant http://localhost:6333      (with a Qdrant that runs there)

Chroma's own server is started for this, from the Python package, in an empty folder. Without a Qdrant, the project's
stand-in for tests takes its place: then every request that the page's code sends is read by the models of Qdrant's
official Python client, which refuse what they do not know, and so is every answer; and the points are put into Qdrant's
own engine, as its package for devices has it. The neighbours of 20 queries are
compared with those that numpy finds in float64; hits whose distances differ by less than one part in 100,000 are the same.
"""

import argparse
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

import numpy as np

QUERIES = 20
NEIGHBOURS = 10
ROOT = Path(__file__).resolve().parent.parent
TSX = [str(ROOT / "node_modules" / ".bin" / "tsx")]

arguments = argparse.ArgumentParser()
arguments.add_argument("export", help="a JSON export of Vecdrop")
arguments.add_argument("--qdrant", help="address of a Qdrant that runs")
chosen = arguments.parse_args()
truth = json.loads(Path(chosen.export).read_text("utf-8"))["data"]
ids = [record["id"] for record in truth]
places = {name: number for number, name in enumerate(ids)}
vectors = np.array([record["embedding"] for record in truth], dtype=np.float32)
unit = vectors.astype(np.float64)
unit /= np.linalg.norm(unit, axis=1, keepdims=True)
cosines = unit @ unit.T
failures = 0


def report(name, right, words):
    global failures
    failures += 0 if right else 1
    print(f"{name:10} {'ok ' if right else 'BAD'} {words}", flush=True)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(address):
    for _ in range(300):
        try:
            return urllib.request.urlopen(address, timeout=2).read()
        except OSError:
            time.sleep(0.1)
    raise SystemExit(f"{address} does not answer")


def sender(into, address, batch, *more):
    script = str(ROOT / "scripts" / "upsert-records.ts")
    command = TSX + [script, "--into", into, "--address", address, "--collection", "papers", "--batch", str(batch), *more]
    return subprocess.Popen(
        command + [str(Path(chosen.export).resolve())], stdout=subprocess.PIPE, text=True, cwd=ROOT, start_new_session=True
    )


def send(into, address, *more):
    process = sender(into, address, 500, *more)
    lines = [json.loads(line) for line in process.stdout]
    if process.wait() != 0:
        raise SystemExit(f"{into}: sending failed")
    return lines[-1]


def send_and_kill(into, address, batch):
    """Kills the sender outright, with requests under way, when half of the records are acknowledged."""
    process = sender(into, address, batch)
    done = 0
    for line in process.stdout:
        done = sum(json.loads(line)[name] for name in ("added", "updated", "unchanged"))
        if done >= len(ids) / 2:
            break
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    return done


def compare(name, search):
    wrong = 0
    for query in np.linspace(0, len(ids) - 1, QUERIES).astype(int):
        found = [places[str(hit)] for hit in search(vectors[query].tolist())]
        best = np.sort(cosines[query])[::-1][:NEIGHBOURS]
        got = np.sort([cosines[query][hit] for hit in found])[::-1]
        wrong += len(got) != len(best) or np.abs(got - best).max() > 1e-5
    report(name, wrong == 0, f"{QUERIES - wrong} of {QUERIES} queries have the same {NEIGHBOURS} neighbours")


def check(name, into, address, stored, search):
    """`stored` gives the ids that are there, by the official client; `search` takes a vector and gives the nearest ids."""
    killed_at = send_and_kill(into, address, 50)
    time.sleep(1)
    half = stored()
    report(name, 0 < len(half) < len(ids), f"killed after {killed_at} of {len(ids)} were acknowledged: {len(half)} are there")
    counts = send(into, address)
    report(
        name,
        counts["unchanged"] == len(half) and counts["added"] == len(ids) - len(half) and counts["updated"] == 0,
        f"run again: {counts['added']} sent, {counts['unchanged']} were there, none twice",
    )
    there = stored()
    report(name, sorted(there) == sorted(ids), f"{len(there)} points, {len(set(there))} different, the right ones")
    counts = send(into, address)
    seconds = counts["seconds"]
    quiet = counts["unchanged"] == len(ids) and counts["leftOver"] == 0
    report(name, quiet, f"a third run sends nothing ({seconds:.1f} s to look), nothing is left over")
    kept = len(ids) // 3
    counts = send(into, address, "--first", str(kept))
    right = counts["leftOver"] == len(ids) - kept and sorted(stored()) == sorted(ids[:kept])
    report(name, right, f"two thirds gone from the collection: {counts['leftOver']} points were left over, and are removed")
    counts = send(into, address)
    right = counts["added"] == len(ids) - kept and sorted(stored()) == sorted(ids)
    report(name, right, f"and back: {counts['added']} sent, all there")
    compare(name, search)


def check_chroma(home):
    import chromadb

    port = free_port()
    config = Path(home) / "chroma.yaml"
    origin = "http://localhost:8080"
    config.write_text(f'port: {port}\npersist_path: "{home}/chroma"\ncors_allow_origins: ["{origin}"]\n')
    command = [str(Path(sys.executable).parent / "chroma"), "run", str(config)]
    address = f"http://127.0.0.1:{port}"

    def start():
        started = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wait_for(f"{address}/api/v2/heartbeat")
        return started

    server = start()
    try:
        asked = urllib.request.Request(f"{address}/api/v2/version", headers={"Origin": origin})
        allowed = urllib.request.urlopen(asked).headers["access-control-allow-origin"]
        report("Chroma", allowed == origin, f"Python package {chromadb.__version__}; answers pages of {allowed} as set")
        client = chromadb.HttpClient(host="127.0.0.1", port=port)

        def stored():
            return client.get_collection("papers").get(include=[])["ids"]

        def search(vector):
            return client.get_collection("papers").query(query_embeddings=[vector], n_results=NEIGHBOURS)["ids"][0]

        check("Chroma", "chroma", address, stored, search)
        compare_content(client.get_collection("papers"))
        client.delete_collection("papers")
        # One that another program made, with Chroma's default distance: vectors are stored there as they come.
        client.create_collection("papers", configuration={"hnsw": {"space": "l2"}})
        seconds = send("chroma", address)["seconds"]
        compare_content(client.get_collection("papers"))
        print(f"{'':14} {len(ids)} records in {seconds:.1f} s, {len(ids) / seconds:.0f} a second")
        client.delete_collection("papers")
        process = sender("chroma", address, 50)
        for line in process.stdout:
            if json.loads(line)["added"] < len(ids) / 2:
                continue
            server.kill()
            server.wait()
            server = start()
            break
        process.stdout.read()
        there = stored()
        right = process.wait() == 0 and sorted(there) == sorted(ids)
        report("Chroma", right, f"the server killed at half and started again: {len(there)} points, the right ones, in one run")
    finally:
        server.terminate()
        server.wait()


def compare_content(papers):
    """Where a collection compares by cosine, Chroma brings vectors to length 1 once more, which may turn the last bit."""
    got = papers.get(limit=500, include=["embeddings", "documents", "metadatas"])
    order = [places[name] for name in got["ids"]]
    there = np.asarray(got["embeddings"], dtype=np.float32)
    apart = np.abs(there - vectors[order]).max()
    equal = np.array_equal(there.view(np.uint32), vectors[order].view(np.uint32))
    space = papers.configuration_json["hnsw"]["space"]
    texts = all(text == truth[place]["text"] for text, place in zip(got["documents"], order))
    files = all(place["file"] == truth[at]["file"] for place, at in zip(got["metadatas"], order))
    words = "equal to the bit" if equal else f"apart by {apart:.1e} at the most"
    right = texts and files and (equal if space == "l2" else apart < 1e-7)
    report("Chroma", right, f"of 500 records ({space}) texts and files are equal, vectors {words}")


def check_qdrant(home):
    from qdrant_client import QdrantClient

    stand_in = None
    address = chosen.qdrant
    log = Path(home) / "requests.jsonl"
    if address is None:
        command = TSX + [str(ROOT / "scripts" / "qdrant-stand-in.ts"), str(log)]
        stand_in = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT, start_new_session=True)
        address = stand_in.stdout.readline().strip()
    name = "Qdrant" if stand_in is None else "Stand-in"
    try:
        client = QdrantClient(url=address, check_compatibility=False)

        def stored():
            points, offset = [], None
            while True:
                page, offset = client.scroll("papers", limit=1000, offset=offset, with_payload=False)
                points += [point.id for point in page]
                if offset is None:
                    return points

        def search(vector):
            found = client.query_points("papers", query=vector, limit=NEIGHBOURS, with_payload=False)
            return [hit.id for hit in found.points]

        check(name, "qdrant", address, stored, search)
        if stand_in is not None:
            check_requests(log)
            check_engine(log, home)
    finally:
        if stand_in is not None:
            os.killpg(stand_in.pid, signal.SIGKILL)
            stand_in.wait()


def check_requests(log):
    """Reads what was sent by the official client's models, which forbid fields that they do not know."""
    from pydantic import TypeAdapter
    from qdrant_client.http import models

    kinds = {
        ("PUT", ""): models.CreateCollection,
        ("PUT", "index"): models.CreateFieldIndex,
        ("PUT", "points"): models.PointsList,
        ("POST", "points"): models.PointRequest,
        ("POST", "points/scroll"): models.ScrollRequest,
        ("POST", "points/delete"): models.PointIdsList,
    }
    seen = {}
    for line in log.read_text("utf-8").splitlines():
        request = json.loads(line)
        path = request["path"].split("?")[0].split("/")[3:]
        kind = kinds.get((request["method"], "/".join(path)))
        if request["ours"] and kind is not None:
            TypeAdapter(kind).validate_python(request["body"])
            seen[kind.__name__] = seen.get(kind.__name__, 0) + 1
    words = ", ".join(f"{count} {name}" for name, count in sorted(seen.items()))
    report("Stand-in", "PointsList" in seen and "CreateCollection" in seen, f"read by the official models: {words}")


def check_engine(log, home):
    """Puts what was sent, in the order in which it came, into Qdrant's own engine, which its Python package for devices has."""
    from qdrant_edge import (
        Distance, EdgeConfig, EdgeShard, EdgeVectorParams, FieldCondition, Filter, MatchValue,
        PayloadSchemaType, Point, Query, QueryRequest, ScrollRequest, UpdateOperation,
    )

    sent = [json.loads(line) for line in log.read_text("utf-8").splitlines()]
    sent = [request for request in sent if request["ours"]]
    [made] = [request["body"]["vectors"] for request in sent if "vectors" in (request["body"] or {})]
    params = EdgeVectorParams(size=made["size"], distance=getattr(Distance, made["distance"]))
    shard = EdgeShard.create(str(Path(home) / "engine"), EdgeConfig(vectors=params))
    [field] = {request["body"]["field_name"] for request in sent if "field_name" in (request["body"] or {})}
    shard.update(UpdateOperation.create_field_index(field, PayloadSchemaType.Keyword))
    for request in sent:
        path = request["path"].split("?")[0]
        if request["method"] == "PUT" and path.endswith("/points"):
            points = [Point(point["id"], point["vector"], point["payload"]) for point in request["body"]["points"]]
            shard.update(UpdateOperation.upsert_points(points))
        elif path.endswith("/points/delete"):
            shard.update(UpdateOperation.delete_points(request["body"]["points"]))
    ours = Filter(must=[FieldCondition(key=field, match=MatchValue("check-upsert"))])
    there, _ = shard.scroll(ScrollRequest(limit=len(ids) + 1, filter=ours))
    report("Engine", sorted(str(point.id) for point in there) == sorted(ids), f"Qdrant’s own: {len(there)} points by their owner")

    def search(vector):
        found = shard.query(QueryRequest(limit=NEIGHBOURS, query=Query.Nearest(vector)))
        return [hit.id for hit in found]

    compare("Engine", search)
    shard.close()


with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
    print(f"{len(ids)} records of {vectors.shape[1]} dimensions")
    check_chroma(folder)
    check_qdrant(folder)
print("all right" if failures == 0 else f"{failures} failures")
sys.exit(1 if failures else 0)
