"""Importing must stay cheap: these tests count modules, the benchmark counts milliseconds."""

import json
import subprocess
import sys

VENDORS = {
    "alembic",
    "docker",
    "fsspec",
    "httpx",
    "IPython",
    "jwt",
    "kubernetes",
    "mlflow",
    "numpy",
    "orjson",
    "pandas",
    "prometheus_client",
    "psutil",
    "rich",
    "sqlalchemy",
    "typer",
    "uv",
    "yaml",
}


def loaded_by(code: str) -> set[str]:
    script = (
        f"import json, sys\n{code}\nprint(json.dumps(sorted({{name.split('.')[0] for name in sys.modules}})))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    return set(json.loads(done.stdout.splitlines()[-1]))


def test_importing_mooring_loads_no_vendor():
    assert not loaded_by("import mooring") & VENDORS


def test_opening_a_workspace_loads_no_vendor():
    assert not loaded_by("from mooring.workspace import Workspace; Workspace.open()") & VENDORS


def test_help_loads_only_the_command_line_library():
    code = "import mooring.cli\ntry: mooring.cli.run(['--help'])\nexcept SystemExit: pass"

    assert loaded_by(code) & VENDORS <= {"typer", "rich"}


def test_the_scoring_ring_loads_nothing_of_the_rest():
    code = "import mooring.scoring.worker, mooring.scoring.contract.application, sys\n"
    code += "assert not [m for m in sys.modules if m.startswith('mooring.') and not m.startswith('mooring.scoring')]"

    assert not loaded_by(code) & (VENDORS - {"orjson", "prometheus_client", "jwt"})


def test_every_public_name_can_be_had():
    code = "import mooring\nfor name in mooring.__all__: getattr(mooring, name)\nassert set(mooring.__all__) <= set(dir(mooring))"

    loaded_by(code)
