"""What `convnet` gives for its lines: its times and tract's from standard input, ONNX Runtime's measured here, as a table.

usage: cargo bench --package faces --bench kernels | kernels.py MODELS
"""

import json
import sys

from speed import alone

ours = [json.loads(line) for line in sys.stdin if line.startswith("{")]
theirs = alone(sys.argv[1])
print("networks alone, one thread, milliseconds: what the processor's arithmetic allows, convnet, and the peers with its share of them")
print(f"  {'':16}{'limit':>8}{'convnet':>9}{'tract':>9}{'':>6}{'ONNX Runtime':>14}")
for line in ours:
    mine, tract, peer = line["convnet"], line["tract"], theirs[line["model"]]
    print(
        f"  {line['model']:16}{1000 * line['least']:8.2f}{1000 * mine:9.2f}{1000 * tract:9.2f}{mine / tract:6.2f}"
        f"{1000 * peer:14.2f}{mine / peer:6.2f}"
    )
