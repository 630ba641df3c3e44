from __future__ import annotations

from mooring.scoring.supervisor.spec import GenerationSpec, ServiceSpec, save_service
from mooring.settings import Settings
from mooring.targets.process.garbage import find_unused_rings, remove_unused_rings


def test_only_rings_that_nobody_uses_are_garbage(tmp_path):
    settings = Settings(home=tmp_path)
    old, older = (tmp_path / "scoring" / name for name in ("0123456789abcdef", "fedcba9876543210"))
    folder = settings.workspaces_dir / "another" / "services" / "echo" / "process"
    for path in (old, older, folder):
        path.mkdir(parents=True)
    spec = GenerationSpec(revision=1, python="/p", ring=str(old), app_root="/a")
    save_service(str(folder), ServiceSpec("echo", "nonce", "127.0.0.1", 1, 1, spec))

    assert find_unused_rings(settings) == [older]
    assert remove_unused_rings(settings) == [older]
    assert find_unused_rings(settings) == []
    assert old.exists()
