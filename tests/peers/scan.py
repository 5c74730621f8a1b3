"""FAISS and numpy on the vectors that `gallery bench --save` left: time, recall, and the ratio to ours."""

import json
import sys
import time
from pathlib import Path

import faiss
import numpy as np

K = 50


def median_ms(search, probes, many=30):
    search(probes[:1])
    times = []
    for probe in probes[:many]:
        start = time.perf_counter()
        search(probe[None])
        times.append((time.perf_counter() - start) * 1e3)
    return sorted(times)[len(times) // 2], sorted(times)[min(len(times) - 1, round(len(times) * 0.99))]


def per_second(search, probes):
    search(probes[:32])
    best = min(timed(search, probes[at : at + 32]) for at in (0, 32, 0))
    return 32 / best


def timed(search, probes):
    start = time.perf_counter()
    search(probes)
    return time.perf_counter() - start


def recall(found, truth, at):
    return float(np.mean([len(set(f[:at]) & set(t[:at])) / at for f, t in zip(found, truth)]))


def main():
    folder = Path(sys.argv[1])
    ours = json.loads((folder / "ours.json").read_text())
    dim, threads = ours["dim"], ours["threads"]
    vectors = np.fromfile(folder / "vectors.f32", dtype="<f4").reshape(-1, dim)
    probes = np.fromfile(folder / "probes.f32", dtype="<f4").reshape(-1, dim)
    faiss.omp_set_num_threads(threads)

    flat = faiss.IndexFlatIP(dim)
    flat.add(vectors)
    flat_search = lambda some: flat.search(some, K)[1]
    truth = flat_search(probes)
    rows = [("faiss IndexFlatIP", *median_ms(flat_search, probes), per_second(flat_search, probes), 1.0, 1.0, dim * 4)]

    def plain(some):
        scores = some @ vectors.T
        best = np.argpartition(-scores, K, axis=1)[:, :K]
        return np.take_along_axis(best, np.argsort(-np.take_along_axis(scores, best, 1), axis=1), 1)

    found = plain(probes[:16])
    rows.append(
        ("numpy", *median_ms(plain, probes, 10), per_second(plain, probes), recall(found, truth, 1), recall(found, truth, K), dim * 4)
    )
    del flat
    if "--hnsw" in sys.argv:
        start = time.perf_counter()
        hnsw = faiss.IndexHNSWFlat(dim, 32, faiss.METRIC_INNER_PRODUCT)
        hnsw.add(vectors)
        built = time.perf_counter() - start
        for effort in (64, 256):
            hnsw.hnsw.efSearch = effort
            search = lambda some: hnsw.search(some, K)[1]
            found = search(probes)
            rows.append(
                (f"faiss HNSW32, ef {effort}", *median_ms(search, probes), per_second(search, probes), recall(found, truth, 1), recall(found, truth, K), dim * 4 + 64 * 4)
            )
        print(f"  HNSW was built at {len(vectors) / built:.0f} templates a second (ours: {ours['rebuild_per_second']:.0f})")

    answers = ours["answers"]
    row = ("ours", ours["p50_ms"], ours["p99_ms"], ours["batch32_per_second"], recall(answers, truth, 1), recall(answers, truth, K), ours["resident_bytes_per_template"] or 0)
    print(f"  {'':22} {'p50 ms':>8} {'p99 ms':>8} {'32 at once/s':>13} {'recall@1':>9} {'recall@50':>10} {'bytes':>6} {'ours/peer':>10}")
    for name, p50, p99, many, first, fifty, size in [row, *rows]:
        print(f"  {name:22} {p50:8.1f} {p99:8.1f} {many:13.0f} {first:9.4f} {fifty:10.4f} {size:6.0f} {row[1] / p50:10.2f}")


if __name__ == "__main__":
    main()
