"""The same files make the same layers and images, byte for byte."""

from __future__ import annotations

import io
import json
import os
import tarfile
from pathlib import Path

from mooring.images.archive import ImageChange, ParentImage, describe_image
from mooring.images.layers import EPOCH, LayerFile, rewrite_layer, write_layer

PARENT = ParentImage(
    "sha256:base", ("sha256:one",), {"Env": ["PATH=/bin", "A=1"], "Cmd": ["sh"], "Labels": {"a": "b"}}
)


def make_files(folder: Path) -> list[LayerFile]:
    folder.mkdir()
    (folder / "score.py").write_text("print(1)")
    (folder / "data.bin").write_bytes(b"\0" * 1000)
    return [
        LayerFile("app/z/score.py", folder / "score.py"),
        LayerFile("app/data.bin", folder / "data.bin", is_executable=True),
        LayerFile("app/given", b"text"),
    ]


def test_times_owners_and_order_of_the_files_do_not_count(tmp_path: Path) -> None:
    first = write_layer(make_files(tmp_path / "a"), tmp_path / "1.tar", "code")
    files = make_files(tmp_path / "b")
    os.utime(tmp_path / "b" / "score.py", (1, 1))
    (tmp_path / "b" / "score.py").chmod(0o600)
    second = write_layer(reversed(files), tmp_path / "2.tar", "code")

    assert first.digest == second.digest
    assert first.size_bytes == first.path.stat().st_size


def test_a_layer_belongs_to_root_and_can_only_be_read(tmp_path: Path) -> None:
    layer = write_layer(make_files(tmp_path / "a"), tmp_path / "1.tar", "code")

    with tarfile.open(layer.path) as tar:
        members = {member.name: member for member in tar}

    assert list(members) == ["app", "app/data.bin", "app/given", "app/z", "app/z/score.py"]
    assert {(member.uid, member.gid, member.mtime) for member in members.values()} == {(0, 0, EPOCH)}
    assert members["app/z/score.py"].mode == 0o444
    assert members["app/data.bin"].mode == 0o555


def test_what_an_engine_hands_out_is_put_below_a_folder_without_its_times(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as tar:
        for name, kind in (("environment/", tarfile.DIRTYPE), ("environment/x", tarfile.REGTYPE)):
            info = tarfile.TarInfo(name)
            info.type, info.mtime, info.uid, info.mode = kind, 1234, 77, 0o777
            tar.addfile(info, io.BytesIO(b""))
    buffer.seek(0)

    layer = rewrite_layer(buffer, "opt/mooring", tmp_path / "out.tar", "packages")

    with tarfile.open(layer.path) as tar:
        assert [(m.name, m.mtime, m.uid) for m in tar] == [
            (name, EPOCH, 0)
            for name in ("opt", "opt/mooring", "opt/mooring/environment", "opt/mooring/environment/x")
        ]


def test_an_image_is_known_by_its_id_before_it_is_made(tmp_path: Path) -> None:
    layer = write_layer(make_files(tmp_path / "a"), tmp_path / "1.tar", "code")
    change = ImageChange([layer], {"A": "2"}, {"c": "d"}, {"User": "10001", "Cmd": []})

    first, second = describe_image(PARENT, change), describe_image(PARENT, change)
    document = json.loads(first.document)

    assert first.id == second.id
    assert document["rootfs"]["diff_ids"] == ["sha256:one", layer.digest]
    assert len(document["history"]) == 2
    assert document["config"]["Env"] == ["PATH=/bin", "A=2"]
    assert document["config"]["Labels"] == {"a": "b", "c": "d"}
    assert document["config"]["User"] == "10001"


def test_an_archive_leaves_out_the_layers_of_the_parent(tmp_path: Path) -> None:
    layer = write_layer(make_files(tmp_path / "a"), tmp_path / "1.tar", "code")
    image = describe_image(PARENT, ImageChange([layer]))

    with tarfile.open(fileobj=io.BytesIO(b"".join(image.archive("mooring/x:1")))) as tar:
        names = tar.getnames()
        manifest = json.load(tar.extractfile("manifest.json"))
        content = tar.extractfile(names[1]).read()

    assert names == [f"{image.id[7:]}.json", f"{layer.digest[7:]}/layer.tar", "manifest.json"]
    assert manifest[0]["Layers"] == ["one/layer.tar", f"{layer.digest[7:]}/layer.tar"]
    assert content == layer.path.read_bytes()
