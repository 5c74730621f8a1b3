"""What `credentials` says of photographs with content credentials, beside the reference library (PyPI `c2pa-python`) on its own fixtures, which
the crate `c2pa` carries: `c2pa_agrees.py CREDENTIALS`. Both leave identity assertions undecoded: nothing of ours speaks of them, and to
resolve one takes a network."""

import io
import json
import pathlib
import struct
import subprocess
import sys

import c2pa

program = sys.argv[1]
SAME = c2pa.Context.from_dict(
    {
        "core": {"decode_identity_assertions": False},
        "verify": {"remote_manifest_fetch": False, "ocsp_fetch": False},
    }
)


def fixtures() -> list[pathlib.Path]:
    """Photographs in the source of the library that the program is built on."""
    ask = ["cargo", "metadata", "--format-version=1", "--locked", "--manifest-path=crates/credentials/Cargo.toml"]
    packages = json.loads(subprocess.run(ask, stdout=subprocess.PIPE, check=True).stdout)["packages"]
    (manifest,) = (package["manifest_path"] for package in packages if package["name"] == "c2pa")
    return sorted(pathlib.Path(manifest).parent.rglob("*.jpg"))


def ours(photo: bytes) -> dict:
    """State and failures, as the program says them from behind its walls."""
    parts = (b"image/jpeg", b"", b"", photo)
    told = b"".join(struct.pack("<Q", len(part)) + part for part in parts)
    return json.loads(subprocess.run([program], input=told, stdout=subprocess.PIPE, check=True, timeout=60).stdout)


def theirs(photo: bytes) -> tuple[str, set[str]]:
    """The same of the reference library."""
    try:
        said = json.loads(c2pa.Reader("image/jpeg", io.BytesIO(photo), context=SAME).json())
    except c2pa.C2paError as error:
        return ("none" if "ManifestNotFound" in str(error) else "broken"), set()
    return said["validation_state"].lower(), {status["code"] for status in said.get("validation_status", [])}


def variants(photo: bytes) -> dict[str, bytes]:
    """As it is, with a byte of the picture changed, with one in the middle (often of the manifest) changed, cut, and without any."""

    def changed(at: int) -> bytes:
        return photo[:at] + bytes([photo[at] ^ 1]) + photo[at + 1 :]

    early = photo.index(b"jumb") + 600
    return {
        "whole": photo,
        "picture changed": changed(len(photo) - 3),
        "manifest changed": changed(early),
        "middle changed": changed(len(photo) // 2),
        "cut": photo[: len(photo) // 2],
    }


apart = tried = 0
states: dict[str, int] = {}
cases = [(f"{path.name}, {what}", photo) for path in fixtures() for what, photo in variants(path.read_bytes()).items()]
for name, photo in cases:
    said = ours(photo)
    state, failed = theirs(photo)
    states[state] = states.get(state, 0) + 1
    if said["state"] != state or (state != "broken" and set(said["failed"]) != failed):
        apart += 1
        print(f"{name}: {said['state']} {sorted(said['failed'])}, reference {state} {sorted(failed)}")
told = ", ".join(f"{count} {state}" for state, count in sorted(states.items()))
print(f"content credentials: {len(cases) - apart} of {len(cases)} verdicts as c2pa {c2pa.sdk_version()} gives them ({told})")
sys.exit(1 if apart or not cases else 0)
