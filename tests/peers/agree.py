"""Compares `faces` with OpenCV's FaceDetectorYN and ONNX Runtime: same boxes, landmarks, templates.

usage: agree.py FACES MODELS PHOTOGRAPH...

The peer's detector sees the photograph as it is, or scaled by area to fit 640 x 640 where it is larger.
"""

import json
import subprocess
import sys
import tempfile

import cv2
import numpy as np
import onnxruntime

SIDE = 640
CROP = np.array(
    [(38.2946, 51.6963), (73.5318, 51.5014), (56.0252, 71.7366), (41.5493, 92.3655), (70.7299, 92.2041)]
)
# Where the dense network's five points lie in a crop, and which of its 468 points stand around the eyes.
MESH = np.array([(37.54, 53.04), (73.67, 52.40), (55.71, 75.35), (40.92, 91.24), (71.96, 90.61)])
RIGHT_EYE = [33, 7, 163, 144, 145, 153, 154, 155, 133, 246, 161, 160, 159, 158, 157, 173]
LEFT_EYE = [263, 249, 390, 373, 374, 380, 381, 382, 362, 466, 388, 387, 386, 385, 384, 398]


def peers(models):
    cv2.setNumThreads(1)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    embedding = onnxruntime.InferenceSession(f"{models}/sface_2021dec.onnx", options, providers=["CPUExecutionProvider"])
    detector = cv2.FaceDetectorYN.create(f"{models}/face_detection_yunet_2023mar.onnx", "", (SIDE, SIDE), 0.6, 0.3)
    mesh = onnxruntime.InferenceSession(f"{models}/face_mesh_turned.onnx", options, providers=["CPUExecutionProvider"])
    return detector, embedding, mesh


def similarity(landmarks, target):
    """Least squares, written with complex numbers so that it shares nothing with Umeyama's matrices."""
    source = landmarks.astype(float)
    z, t = (source - source.mean(0)) @ [1, 1j], (target - target.mean(0)) @ [1, 1j]
    a = np.vdot(z, t) / np.vdot(z, z)
    turn = np.array([[a.real, -a.imag], [a.imag, a.real]])
    return np.c_[turn, target.mean(0) - turn @ source.mean(0)]


def align(picture, landmarks, target=CROP):
    return cv2.warpAffine(picture, similarity(landmarks, target), (112, 112))


def refine(session, picture, landmarks):
    """Five points by the dense network, whose file is turned by half a turn."""
    there = similarity(landmarks, 96 + (CROP - [56, 60]) * 192 / (1.35 * 112))
    pixels = cv2.cvtColor(cv2.warpAffine(picture, there, (192, 192)), cv2.COLOR_BGR2RGB)[::-1, ::-1]
    given = session.get_inputs()[0].name
    points = session.run(None, {given: pixels.astype(np.float32).transpose(2, 0, 1)[None] / 255})[0].reshape(468, 3)
    five = np.array([points[at, :2].mean(0) for at in (RIGHT_EYE, LEFT_EYE, [1], [61], [291])])
    back = cv2.invertAffineTransform(there)
    return five @ back[:, :2].T + back[:, 2]


def embed(session, crop):
    pixels = cv2.cvtColor(crop, cv2.COLOR_BGR2RGB).astype(np.float32).transpose(2, 0, 1)[None]
    values = session.run(None, {"data": pixels})[0][0]
    return values / np.linalg.norm(values)


def look(detector, path):
    picture = cv2.imread(path)
    scale = min(1.0, SIDE / max(picture.shape[:2]))
    small = picture if scale == 1.0 else cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    detector.setInputSize((small.shape[1], small.shape[0]))
    found = detector.detect(small)[1]
    rows = [] if found is None else found
    return [(row[:4] / scale, row[4:14].reshape(5, 2) / scale, row[14]) for row in rows]


def overlap(a, b):
    side = lambda p, q, r, s: max(0.0, min(p + q, r + s) - max(p, r))
    common = side(a[0], a[2], b[0], b[2]) * side(a[1], a[3], b[1], b[3])
    return common / (a[2] * a[3] + b[2] * b[3] - common)


def ours(program, *arguments):
    """Everything `faces embed` says of each file."""
    out = subprocess.run([program, "embed", "--json", *arguments], capture_output=True, text=True, check=True).stdout
    return [line["faces"] for line in map(json.loads, out.splitlines())]


def main(program, models, paths):
    detector, session, mesh = peers(models)
    boxes, points, crops, wholes = [], [], [], []
    for path, mine in zip(paths, ours(program, *paths)):
        for box, landmarks, score in look(detector, path):
            pair = max(mine, key=lambda face: overlap(face["box"], box), default=None)
            if score <= 0.7 or min(box[2:]) < 40 or pair is None or pair["score"] <= 0.7:
                continue
            boxes.append(overlap(pair["box"], box))
            eyes = np.linalg.norm(landmarks[1] - landmarks[0])
            points.append(np.abs(np.array(pair["landmarks"]) - landmarks).max() / eyes)
            picture = cv2.imread(path)
            crops.append(align(picture, landmarks))
            # A finer picture is averaged by ours and skipped over by OpenCV: other crops, not another alignment.
            if eyes < 70:
                refined = align(picture, refine(mesh, picture, landmarks), MESH)
                wholes.append(float(embed(session, refined) @ np.array(pair["template"]["values"])))
    with tempfile.TemporaryDirectory() as folder:
        files = [f"{folder}/{at}.png" for at in range(len(crops))]
        for file, crop in zip(files, crops):
            cv2.imwrite(file, crop)
        templates = [np.array(faces[0]["template"]["values"]) for faces in ours(program, "--aligned", *files)]
    cosines = [float(embed(session, crop) @ mine) for crop, mine in zip(crops, templates)]
    print(f"agreement with OpenCV {cv2.__version__} FaceDetectorYN and ONNX Runtime {onnxruntime.__version__}")
    print(f"  {len(paths)} photographs, {len(boxes)} faces above 0.7 and 40 px found by both")
    print(f"  lowest overlap of boxes (IoU)            {min(boxes):.4f}   goal 0.9")
    print(f"  largest landmark shift, of inter-eye     {100 * max(points):.2f} %   goal 1 %")
    print(f"  lowest cosine of templates, same crop    {min(cosines):.6f}   goal 0.9999")
    if wholes:
        print(f"  lowest cosine, aligned by each itself    {min(wholes):.6f}   goal 0.99 ({len(wholes)} faces)")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3:])
