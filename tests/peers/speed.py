"""Compares `faces` with a Python pipeline (OpenCV, ONNX Runtime): time from file to template, models alone, threads,
memory.

usage: cargo bench --package faces --bench speed -- FOLDER | speed.py FACES MODELS CROWD...

Standard input has what the benchmark measured, photograph by photograph on one thread; CROWD is a set of files for two
threads against one.
"""

import json
import os
import statistics
import subprocess
import sys
import time

import cv2
import numpy as np
import onnxruntime

from agree import MESH, align, embed, peers, refine

RUNS = 15


def look(detector, session, mesh, path):
    """One file to one template, with the seconds of each stage."""
    seconds = {}
    begun = last = time.perf_counter()

    def stage(name):
        nonlocal last
        now = time.perf_counter()
        seconds[name] = now - last
        last = now

    picture = cv2.imread(path)
    stage("decode")
    scale = min(1.0, 640 / max(picture.shape[:2]))
    small = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA) if scale < 1 else picture
    detector.setInputSize((small.shape[1], small.shape[0]))
    found = detector.detect(small)[1]
    stage("detect")
    crop = align(picture, refine(mesh, picture, found[0][4:14].reshape(5, 2) / scale), MESH)
    stage("align")
    embed(session, crop)
    stage("embed")
    seconds["whole"] = last - begun
    return seconds


def alone(models):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    found = {}
    for name, file, side in (
        ("yunet-2023mar", "face_detection_yunet_2023mar.onnx", 640),
        ("sface-2021dec", "sface_2021dec.onnx", 112),
        ("face-mesh-468", "face_mesh_turned.onnx", 192),
    ):
        session = onnxruntime.InferenceSession(f"{models}/{file}", options, providers=["CPUExecutionProvider"])
        given = session.get_inputs()[0].name
        values = np.random.default_rng(1).random((1, 3, side, side), np.float32)
        times = []
        for _ in range(4 * RUNS):
            begun = time.perf_counter()
            session.run(None, {given: values})
            times.append(time.perf_counter() - begun)
        found[name] = statistics.median(times)
    return found


# Started by a small process, since a child's peak counts what its parent held when it was forked.
MEASURE = """
import resource, subprocess, sys, time
begun = time.perf_counter()
subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, check=True)
print(time.perf_counter() - begun, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024)
"""


def run(command):
    """Seconds and peak memory in MB of a process of its own."""
    said = subprocess.check_output([sys.executable, "-S", "-c", MEASURE, *command], text=True)
    return tuple(float(part) for part in said.split())


def main(program, models, crowd):
    ours = [json.loads(line) for line in sys.stdin if line.startswith("{")]
    photographs = [line for line in ours if "path" in line]
    detector, session, mesh = peers(models)
    print("file to template, one thread, milliseconds (median of 15 runs)")
    print(f"  {'':8}{'':10}{'decode':>8}{'detect':>8}{'align':>8}{'embed':>8}{'whole':>9}{'ratio':>8}   goal 0.4")
    for mine in photographs:
        theirs = [look(detector, session, mesh, mine["path"]) for _ in range(RUNS)]
        stages = ("decode", "detect", "align", "embed", "whole")
        peer = {stage: statistics.median(t[stage] for t in theirs) for stage in stages}
        name = os.path.basename(mine["path"]).split(".")[0]
        for who, times in (("peer", peer), ("faces", mine)):
            row = "".join(f"{1000 * times[stage]:>{9 if stage == 'whole' else 8}.1f}" for stage in stages)
            ratio = f"{mine['whole'] / peer['whole']:8.2f}" if who == "faces" else ""
            print(f"  {name:8}{who:10}{row}{ratio}")
    theirs = alone(models)
    networks = [line for line in ours if "model" in line]
    print("models alone, one thread, milliseconds: what the arithmetic allows, convnet, and what it takes of the peers' times")
    print(f"  {'':18}{'limit':>8}{'convnet':>9}{'tract':>9}{'':>6}{'ONNX Runtime':>14}{'':>6}   goal 0.6 of it")
    for line in networks:
        mine, tract, peer = line["convnet"], line["tract"], theirs[line["model"]]
        print(
            f"  {line['model']:18}{1000 * line['limit']:8.2f}{1000 * mine:9.2f}{1000 * tract:9.2f}{mine / tract:6.2f}"
            f"{1000 * peer:14.2f}{mine / peer:6.2f}"
        )
    print(f"  the limit: {networks[-1]['peak'] / 1e9:.0f} thousand million multiplications a second on one core")
    largest = photographs[-1]["path"]
    _, memory = run([program, "embed", "--json", largest])
    print(f"peak memory of `faces embed` with {os.path.basename(largest)}: {memory:.0f} MB (goal 250)")
    start = min(run([program, "embed", "--json", crowd[0]])[0] for _ in range(3))
    one, two = (
        statistics.median(run([program, "embed", "--json", "--threads", str(n), *crowd])[0] for _ in range(5)) - start
        for n in (1, 2)
    )
    print(f"{len(crowd)} files: {one:.2f} s on one thread, {two:.2f} s on two: {one / two:.2f} times as fast (goal 1.8)")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3:])
