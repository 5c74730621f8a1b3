"""Compares `faces calibrate` with NFI's lir: the same scores, the same Cllr, Cllr-min and empirical cross-entropy.

usage: lir_agrees.py FACES FOLDER

FOLDER holds one folder a person with one face a photograph. Templates and qualities are those of `faces embed`; scores, halves,
curves and measures are made here once more, with lir 1.3 and scikit-learn.
"""

import json
import pathlib
import subprocess
import sys

import numpy as np
from lir.data.models import LLRData
from lir.metrics import cllr, cllr_min
from lir.plotting.expected_calibration_error import calculate_ece
from sklearn.linear_model import LogisticRegression

BINS = [0, 25, 50, 75, 101]
LEAST_PEOPLE, LEAST_MATED = 30, 100


def run(*command):
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def curve(scores, same, people):
    """Logistic regression with both kinds weighing the same, bounded by what so many people can show."""
    weight = np.where(same, 0.5 / same.sum(), 0.5 / (~same).sum())
    fit = LogisticRegression(C=1e6, tol=1e-10, max_iter=10_000).fit(scores[:, None], same, sample_weight=weight)
    most = np.log(max(people * (people - 1) / 6, 1.0))
    return lambda s: np.clip(fit.coef_[0, 0] * s + fit.intercept_[0], -most, most)


def main(program, folder):
    ours = json.loads(run(program, "calibrate", "--folders", folder, "--name", "peer", "--json"))["validity"]
    files = [f for person in sorted(pathlib.Path(folder).iterdir()) if person.is_dir() for f in sorted(person.iterdir())]
    seen = [json.loads(line) for line in run(program, "embed", "--json", *map(str, files)).splitlines()]
    seen = [(f.parent.name, s["faces"][0]) for f, s in zip(files, seen) if len(s.get("faces", [])) == 1]
    assert len(seen) == len(files), "one face a photograph is needed"
    names = {name: number for number, name in enumerate(dict.fromkeys(name for name, _ in seen))}
    person = np.array([names[name] for name, _ in seen])
    templates = np.array([face["template"]["values"] for _, face in seen])
    quality = np.array([face["quality"]["overall"] for _, face in seen])
    scores = np.clip(templates @ templates.T, -1, 1)

    llrs, truths = [], []
    probe, other = np.nonzero(~np.eye(len(person), dtype=bool))
    same_all = person[probe] == person[other]
    for low, high in zip(BINS, BINS[1:]):
        inside = (quality[probe] >= low) & (quality[probe] < high)
        if len(set(person[probe[inside & same_all]])) < LEAST_PEOPLE or (inside & same_all).sum() < LEAST_MATED:
            continue
        for half in (0, 1):
            # The pairs of each half, and of the half that the curve is learned from.
            own, learned = (inside & (person[probe] % 2 == h) & (person[other] % 2 == h) for h in (half, 1 - half))
            of = lambda where: (scores[probe[where], other[where]], same_all[where])
            known = len(set(person[probe[learned & same_all]]))
            llrs.append(curve(*of(learned), known)(of(own)[0]) / np.log(10))
            truths.append(of(own)[1])
    llrs, truths = np.concatenate(llrs), np.concatenate(truths).astype(int)
    theirs = LLRData(features=llrs[:, None], labels=truths)
    print(f"agreement with lir: {len(names)} people, {truths.sum()} mated and {(1 - truths).sum()} non-mated pairs held out")
    off = {
        "Cllr": (ours["cllr"], cllr(theirs)),
        "Cllr-min": (ours["cllr_min"], cllr_min(theirs)),
    }
    priors = np.array([e["prior"] for e in ours["entropy"]])
    chances = 10**priors / (1 + 10**priors)
    ece = calculate_ece(10**llrs, truths, chances)
    mine = np.array([e["ratios"] for e in ours["entropy"]])
    worst = int(np.abs(mine - ece).argmax())
    off["cross-entropy where they differ most"] = (mine[worst], ece[worst])
    for name, (mine, peer) in off.items():
        print(f"  {name:40} {mine:.4f} {peer:.4f}   goal within 0.01")
    wrong = [name for name, (mine, peer) in off.items() if not abs(mine - peer) < 0.01]
    sys.exit(f"they do not agree: {', '.join(wrong)}" if wrong else 0)


if __name__ == "__main__":
    main(*sys.argv[1:])
