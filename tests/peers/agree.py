"""Compares `faces` with OpenCV's FaceDetectorYN and ONNX Runtime: same boxes, landmarks, templates; and time.

usage: agree.py FACES MODELS PHOTOGRAPH...

Each photograph goes from file to template on one thread, in the same run. The detector sees the photograph scaled
to fit 640 x 640 and padded with zeros at the right and below, as `faces` does.
"""

import json
import statistics
import subprocess
import sys
import time

import cv2
import numpy as np
import onnxruntime

SIDE = 640
CROP = np.array(
    [(38.2946, 51.6963), (73.5318, 51.5014), (56.0252, 71.7366), (41.5493, 92.3655), (70.7299, 92.2041)]
)


def peers(models):
    cv2.setNumThreads(1)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    embedding = onnxruntime.InferenceSession(f"{models}/fr_feature.onnx", options, providers=["CPUExecutionProvider"])
    detector = cv2.FaceDetectorYN.create(f"{models}/face_detection_yunet_2023mar.onnx", "", (SIDE, SIDE), 0.6, 0.3)
    return detector, embedding


def align(picture, landmarks):
    """Least-squares similarity, written with complex numbers so that it shares nothing with Umeyama's matrices."""
    source = landmarks.astype(float)
    z, t = (source - source.mean(0)) @ [1, 1j], (CROP - CROP.mean(0)) @ [1, 1j]
    a = np.vdot(z, t) / np.vdot(z, z)
    turn = np.array([[a.real, -a.imag], [a.imag, a.real]])
    return cv2.warpAffine(picture, np.c_[turn, CROP.mean(0) - turn @ source.mean(0)], (112, 112))


def embed(session, crop):
    pixels = ((crop.astype(np.float32) - 127.5) / 128).transpose(2, 0, 1)[None]
    values = session.run(None, {"input": pixels})[0][0]
    return values / np.linalg.norm(values)


def look(detector, session, path):
    picture = cv2.imread(path)
    height, width = picture.shape[:2]
    scale = min(1.0, SIDE / max(height, width))
    small = picture if scale == 1.0 else cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    input_ = np.zeros((SIDE, SIDE, 3), np.uint8)
    input_[: small.shape[0], : small.shape[1]] = small[:SIDE, :SIDE]
    found = detector.detect(input_)[1]
    faces = []
    for row in [] if found is None else found:
        landmarks = row[4:14].reshape(5, 2) / scale
        faces.append((row[:4] / scale, landmarks, row[14], embed(session, align(picture, landmarks))))
    return faces


def overlap(a, b):
    side = lambda p, q, r, s: max(0.0, min(p + q, r + s) - max(p, r))
    common = side(a[0], a[2], b[0], b[2]) * side(a[1], a[3], b[1], b[3])
    return common / (a[2] * a[3] + b[2] * b[3] - common)


def ours(program, paths):
    """Everything `faces embed` says of the files, and the seconds it took on one thread."""
    begun = time.perf_counter()
    out = subprocess.run([program, "embed", "--json", *paths], capture_output=True, text=True, check=True).stdout
    taken = time.perf_counter() - begun
    return {line["path"]: line["faces"] for line in map(json.loads, out.splitlines())}, taken


def main(program, models, paths):
    mine, _ = ours(program, paths)
    detector, session = peers(models)
    both, boxes, points, cosines = 0, [], [], []
    for path in paths:
        for box, landmarks, score, template in look(detector, session, path):
            pair = max(mine[path], key=lambda face: overlap(face["box"], box), default=None)
            if score <= 0.7 or min(box[2:]) < 40 or pair is None or pair["score"] <= 0.7:
                continue
            both += 1
            boxes.append(overlap(pair["box"], box))
            eyes = np.linalg.norm(landmarks[1] - landmarks[0])
            points.append(np.abs(np.array(pair["landmarks"]) - landmarks).max() / eyes)
            # The same crop for both: cut at our landmarks.
            again = embed(session, align(cv2.imread(path), np.array(pair["landmarks"])))
            cosines.append(float(again @ np.array(pair["template"]["values"])))
    print(f"agreement with OpenCV {cv2.__version__} FaceDetectorYN and ONNX Runtime {onnxruntime.__version__}")
    print(f"  {len(paths)} photographs, {both} faces above 0.7 and 40 px found by both")
    print(f"  lowest overlap of boxes (IoU)            {min(boxes):.4f}   goal 0.9")
    print(f"  largest landmark shift, of inter-eye     {100 * max(points):.2f} %   goal 1 %")
    print(f"  lowest cosine of templates, same crop    {min(cosines):.6f}   goal 0.9999")

    print("file to template, one thread, seconds for all photographs (median of 5 runs)")
    theirs, own, start = [], [], []
    for _ in range(5):
        begun = time.perf_counter()
        for path in paths:
            look(detector, session, path)
        theirs.append(time.perf_counter() - begun)
        own.append(ours(program, paths)[1])
        start.append(ours(program, paths[:1])[1])
    # `faces` loads its models in each run; the peer has loaded them. One run with one photograph tells how long.
    peer, mine_all = statistics.median(theirs), statistics.median(own)
    per = (mine_all - statistics.median(start)) / max(1, len(paths) - 1)
    print(f"  Python peer {peer / len(paths):.4f} a photograph, faces {per:.4f}, ratio {per / (peer / len(paths)):.2f}")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3:])
