from __future__ import annotations

import sys
from pathlib import Path

import pytest

from mooring.deployments.discovery import Targets
from mooring.deployments.errors import BrokenTarget, DuplicateTarget, UnknownComputeType
from mooring.settings import Settings
from mooring.testing import MemoryTarget


@pytest.fixture
def settings(tmp_path):
    return Settings(home=tmp_path)


@pytest.fixture
def install(tmp_path, monkeypatch):
    """Puts a distribution with one target on the path, as pip would."""
    site = tmp_path / "site"
    site.mkdir()
    monkeypatch.syspath_prepend(str(site))

    def install(distribution: str, name: str, code: str) -> None:
        module = distribution.replace("-", "_")
        (site / f"{module}.py").write_text(code)
        info = site / f"{module}-1.0.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {distribution}\nVersion: 1.0\n")
        (info / "entry_points.txt").write_text(f"[mooring.targets]\n{name} = {module}:Plugin\n")
        monkeypatch.delitem(sys.modules, module, raising=False)

    return install


def plugin(name: str, *compute_types: str) -> str:
    return (
        "from mooring.testing import MemoryTarget\n\n\n"
        "class Plugin(MemoryTarget):\n"
        "    def __init__(self, settings):\n"
        f"        super().__init__(settings, name={name!r}, compute_types={compute_types!r})\n"
    )


def test_the_process_target_is_at_hand(settings):
    assert Targets(settings).for_compute_type("process").name == "process"


def test_an_installed_plugin_is_found_and_gets_the_settings(settings, install):
    install("mooring-nomad", "nomad", plugin("nomad", "nomad"))

    target = Targets(settings).for_compute_type("nomad")

    assert (target.name, target.settings) == ("nomad", settings)
    assert Targets(settings).named("nomad").name == "nomad"


def test_two_plugins_for_one_compute_type_are_an_error_that_names_both(settings, install):
    install("mooring-one", "one", plugin("one", "nomad"))
    install("mooring-two", "two", plugin("two", "nomad"))

    with pytest.raises(DuplicateTarget, match=r"mooring_one:Plugin.*mooring_two:Plugin.*computeType 'nomad'"):
        Targets(settings).for_compute_type("nomad")


def test_two_plugins_of_one_name_are_an_error_that_names_both(settings, install):
    install("mooring-one", "nomad", plugin("nomad", "nomad"))
    install("mooring-two", "nomad", plugin("nomad", "other"))

    with pytest.raises(DuplicateTarget, match=r"mooring-one.*mooring-two.*target name 'nomad'"):
        Targets(settings).named("nomad")


def test_a_plugin_whose_library_is_missing_says_what_installs_it(settings, install):
    install("mooring-nomad", "nomad", "import a_library_nobody_has\n")

    with pytest.raises(BrokenTarget, match="a_library_nobody_has") as caught:
        Targets(settings).for_compute_type("nomad")

    assert 'pip install "mooring-nomad[nomad]"' in caught.value.remedy


def test_a_broken_plugin_does_not_stop_the_others(settings, install):
    install("mooring-nomad", "nomad", "import a_library_nobody_has\n")

    assert Targets(settings).for_compute_type("process").name == "process"


def test_a_given_list_replaces_what_is_installed(settings):
    targets = Targets(settings, [MemoryTarget()])

    assert targets.for_compute_type("process").name == "memory"
    with pytest.raises(UnknownComputeType):
        targets.named("process")


def test_an_unknown_type_names_what_is_installed(settings):
    with pytest.raises(UnknownComputeType, match=r"'iot'.*installed: process"):
        Targets(settings, [MemoryTarget()]).for_compute_type("iot")


def test_looking_for_targets_imports_no_vendor(settings):
    import subprocess

    code = (
        "import sys; from pathlib import Path; from mooring.settings import Settings;"
        "from mooring.deployments.discovery import Targets;"
        f"Targets(Settings(home=Path({str(Path(settings.home))!r}))).for_compute_type('process');"
        "print([name for name in ('docker', 'kubernetes', 'httpx', 'psutil', 'sqlalchemy', 'uv') if name in sys.modules])"
    )

    assert (
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
        == "[]\n"
    )
