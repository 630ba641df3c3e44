from pathlib import Path

import pytest

from mooring.configs import InferenceConfig, InvalidInferenceConfig


def write(path: Path, text: str = "def init(): pass\ndef run(d): return d\n") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A project with its configuration in a sub-folder; commands run at its top."""
    top = tmp_path / "project"
    (top / "config").mkdir(parents=True)
    monkeypatch.chdir(top)
    return top


def load(project, **content):
    lines = "".join(f"{key}: {value}\n" for key, value in content.items())
    return InferenceConfig.parse(lines, project / "config" / "ic.yml").resolve()


def test_without_a_source_directory_paths_start_from_the_current_directory(project):
    script = write(project / "score.py")
    write(project / "config" / "score.py")

    found = load(project, entryScript="score.py")

    assert (found.script_path, found.source_directory, found.script_in_app) == (script, None, "score.py")
    assert found.taken == {"entryScript": "current directory"}


def test_next_comes_the_folder_of_the_configuration(project):
    script = write(project / "config" / "score.py")
    conda = write(project / "conda_dependencies.yml", "name: c\n")

    found = load(project, entryScript="score.py", condaFile="../conda_dependencies.yml")

    assert (found.script_path, found.conda_path) == (script, conda)
    assert found.taken == {"entryScript": "configuration file", "condaFile": "configuration file"}


def test_with_a_source_directory_paths_start_there(project):
    script = write(project / "src" / "sub" / "score.py")
    conda = write(project / "conda.yml", "name: c\n")
    write(project / "sub" / "score.py")

    found = load(project, entryScript="sub/score.py", sourceDirectory="src", condaFile="../conda.yml")

    assert found.script_path == script
    assert found.source_directory == project / "src"
    assert found.script_in_app == "src/sub/score.py"
    assert found.conda_path == conda
    assert found.taken == {
        "sourceDirectory": "current directory", "entryScript": "sourceDirectory", "condaFile": "sourceDirectory",
    }  # fmt: skip


def test_a_script_named_through_its_source_directory_is_found(project):
    script = write(project / "src" / "score.py")

    found = load(project, entryScript="src/score.py", sourceDirectory="./src")

    assert (found.script_path, found.script_in_app) == (script, "src/score.py")
    assert found.taken["entryScript"] == "current directory"


@pytest.mark.parametrize("source", [".", "./", "../project"])
def test_the_source_directory_keeps_its_own_name(project, source):
    write(project / "score.py")

    assert load(project, entryScript="score.py", sourceDirectory=source).script_in_app == "project/score.py"


def test_an_absolute_path_is_taken_as_it_is(project, tmp_path):
    script = write(tmp_path / "elsewhere" / "score.py")

    found = load(project, entryScript=str(script))

    assert (found.script_path, found.taken) == (script, {"entryScript": "absolute path"})


def test_an_absolute_path_that_is_not_there_is_looked_for_in_the_source_directory(project):
    script = write(project / "src" / "scripts" / "score.py")

    found = load(project, entryScript="/scripts/score.py", sourceDirectory="src")

    assert (found.script_path, found.script_in_app) == (script, "src/scripts/score.py")


def test_backslashes_of_another_system_separate_folders(project):
    script = write(project / "src" / "x" / "score.py")

    found = load(project, entryScript="x\\score.py", sourceDirectory=".\\src")

    assert (found.script_path, found.script_in_app) == (script, "src/x/score.py")


def test_a_script_outside_of_its_source_directory_is_refused(project):
    write(project / "src" / "other.py")
    write(project / "score.py")

    with pytest.raises(InvalidInferenceConfig, match=r"score\.py is outside of sourceDirectory src"):
        load(project, entryScript="score.py", sourceDirectory="src")


def test_a_linked_script_inside_its_source_directory_is_inside(project, tmp_path):
    shared = write(tmp_path / "shared" / "score.py")
    (project / "src").mkdir()
    (project / "src" / "score.py").symlink_to(shared)

    assert load(project, entryScript="score.py", sourceDirectory="src").script_in_app == "src/score.py"


def test_a_linked_source_directory_is_shipped_under_its_real_name(project):
    write(project / "real" / "score.py")
    (project / "link").symlink_to(project / "real")

    found = load(project, entryScript="score.py", sourceDirectory="link")

    assert (found.source_directory, found.script_in_app) == (project / "real", "real/score.py")


def test_another_current_directory_can_stand_in(project, tmp_path):
    script = write(tmp_path / "other" / "score.py")
    config = InferenceConfig.of({"entry_script": "score.py"})

    assert config.resolve(tmp_path / "other").script_path == script
    assert config.resolve().script_path is None


def test_a_folder_is_no_script_and_a_file_no_source_directory(project):
    (project / "score.py").mkdir()
    write(project / "src")

    found = InferenceConfig.of({"entry_script": "score.py", "source_directory": "src"}).resolve()

    assert (found.script_path, found.source_directory) == (None, None)


@pytest.mark.parametrize("path", ["x" * 5000, "a\0b"])
def test_impossible_paths_lead_nowhere(project, path):
    assert InferenceConfig.of({"entry_script": path}).resolve().script_path is None
