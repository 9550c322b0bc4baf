"""Packs one static program into the archive of an image, as `docker save` writes it: pack-image.py REF PROGRAM ARCHIVE"""

import hashlib
import io
import json
import os
import platform
import sys
import tarfile


def add(archive: tarfile.TarFile, name: str, content: bytes, mode: int = 0o644) -> None:
    entry = tarfile.TarInfo(name)
    entry.size = len(content)
    entry.mode = mode
    archive.addfile(entry, io.BytesIO(content))


ref, program, target = sys.argv[1:]
name = os.path.basename(program)
layer = io.BytesIO()
with tarfile.open(fileobj=layer, mode="w") as archive, open(program, "rb") as binary:
    add(archive, name, binary.read(), 0o755)
layer_bytes = layer.getvalue()

architecture = {"x86_64": "amd64", "aarch64": "arm64"}[platform.machine()]
config = json.dumps(
    {
        "architecture": architecture,
        "os": "linux",
        "config": {"Entrypoint": [f"/{name}"]},
        "rootfs": {
            "type": "layers",
            "diff_ids": ["sha256:" + hashlib.sha256(layer_bytes).hexdigest()],
        },
    }
).encode()
manifest = [{"Config": "config.json", "RepoTags": [ref], "Layers": ["layer.tar"]}]
with tarfile.open(target, mode="w") as archive:
    add(archive, "layer.tar", layer_bytes)
    add(archive, "config.json", config)
    add(archive, "manifest.json", json.dumps(manifest).encode())
