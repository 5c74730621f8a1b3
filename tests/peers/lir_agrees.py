"""Compares `faces calibrate` with NFI's lir: the same scores, the same Cllr, Cllr-min and empirical cross-entropy.

usage: lir_agrees.py FACES FOLDER

FOLDER holds one folder a person with one face a photograph. Templates and qualities are those of `faces embed`; scores, halves,
curves and measures are made here once more, with lir and scikit-learn. Once with the photographs as they are, and once shrunk, so
that people are mistaken for each other.
"""

import json
import pathlib
import subprocess
import sys
import tempfile

import numpy as np
from lir.data.models import LLRData
from lir.metrics import cllr, cllr_min
from lir.plotting.expected_calibration_error import calculate_ece
from PIL import Image
from sklearn.linear_model import LogisticRegression

# Pixels of a photograph's longer side.
SHRUNK = 44
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


def files(folder):
    people = sorted(p for p in pathlib.Path(folder).iterdir() if p.is_dir())
    return [file for person in people for file in sorted(person.iterdir())]


def shrunk(folder, out):
    """Every photograph as if it had been taken from far away."""
    for file in files(folder):
        picture = Image.open(file).convert("RGB")
        small = picture.copy()
        small.thumbnail((SHRUNK, SHRUNK))
        to = pathlib.Path(out) / file.parent.name / file.name
        to.parent.mkdir(exist_ok=True)
        small.resize(picture.size, Image.Resampling.BICUBIC).save(to)


def compare(program, folder):
    """What both say; the names of the measures that do not agree."""
    ours = json.loads(run(program, "calibrate", "--folders", folder, "--name", "peer", "--json"))["validity"]
    seen = [json.loads(line) for line in run(program, "embed", "--json", *map(str, files(folder))).splitlines()]
    # Whoever shows no face is left out by both.
    seen = [(f.parent.name, s["faces"]) for f, s in zip(files(folder), seen) if s.get("faces")]
    assert all(len(faces) == 1 for _, faces in seen), "one face a photograph is needed"
    seen = [(name, faces[0]) for name, faces in seen]
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
    return [name for name, (mine, peer) in off.items() if not abs(mine - peer) < 0.01]


def main(program, folder):
    wrong = compare(program, folder)
    with tempfile.TemporaryDirectory() as out:
        shrunk(folder, out)
        wrong += compare(program, out)
    sys.exit(f"they do not agree: {', '.join(wrong)}" if wrong else 0)


if __name__ == "__main__":
    main(*sys.argv[1:])
