"""Reading conda and pip specifications, without a network."""

import pytest

from mooring.environments import Environment, check_environment
from mooring.environments.failures import InvalidEnvironment
from mooring.environments.matchspec import parse_conda_requirement
from mooring.environments.reading import read_environment

EXPORTED = """
name: lab
channels: [defaults]
dependencies:
  - _libgcc_mutex=0.1=main
  - blas=1.0=mkl
  - ca-certificates=2020.1.1=0
  - cudatoolkit=10.1.243=h6bb024c_0
  - libcxx=10.0.0=1
  - mkl=2020.1=217
  - msgpack-python=1.0.0=py38hfd86e86_1
  - numpy=1.18.5=py38ha1c710e_0
  - opencv=3.4.2
  - openssl=1.1.1g=h7b6447c_0
  - pip=20.1.1=py38_1
  - py-xgboost=0.90=py38_0
  - python=3.8.3=hcff3b4d_0
  - pytorch::pytorch=1.5.1
  - vs2015_runtime=14.16.27012=hf0eaf9b_2
  - pip:
      - azureml-defaults==1.8.0
      - joblib==0.15.1
prefix: /home/me/anaconda3/envs/lab
"""


def codes(findings):
    return {finding.code for finding in findings}


def requirements(environment):
    return [entry.text for entry in read_environment(environment).wanted]


@pytest.mark.parametrize(
    ("entry", "name", "specifier"),
    [
        ("numpy", "numpy", ""),
        ("numpy=1.18", "numpy", "==1.18.*"),
        ("numpy=1.18.5=py38_0", "numpy", "==1.18.5.*"),
        ("numpy==1.18.5", "numpy", "==1.18.5"),
        ("numpy 1.18.5 py38_0", "numpy", "==1.18.5"),
        ("numpy 1.18.*", "numpy", "==1.18.*"),
        ("numpy >= 1.18, <2", "numpy", ">=1.18,<2"),
        ("conda-forge::numpy=1.2", "numpy", "==1.2.*"),
        ("conda-forge/linux-64::numpy", "numpy", ""),
        ("numpy[version='>=1.2,<3']", "numpy", ">=1.2,<3"),
        ("numpy[version=1.2, build=x]", "numpy", "==1.2"),
        ("ruamel_yaml=0.15", "ruamel-yaml", "==0.15.*"),
        ("jpeg=9b=h024ee3a_2", "jpeg", ""),
    ],
)
def test_condas_words_become_pips(entry, name, specifier):
    parsed = parse_conda_requirement(entry)

    assert (parsed.name, parsed.specifier) == (name, specifier)


def test_an_exported_file_keeps_only_what_pip_can_install(from_yaml):
    environment = from_yaml(EXPORTED)

    assert requirements(environment) == [
        "msgpack==1.0.0.*",
        "numpy==1.18.5.*",
        "opencv-python-headless==3.4.2.*",
        "xgboost==0.90.*",
        "torch==1.5.1.*",
        "joblib==0.15.1",
    ]
    assert read_environment(environment).python == "==3.8.3.*"
    assert codes(check_environment(environment)) == {
        "azureml-package-replaced",
        "conda-library-left-out",
        "conda-package-mapped",
    }


def test_a_package_without_a_twin_is_named_with_advice(from_yaml):
    findings = check_environment(from_yaml("dependencies: [r-base=4.0, openjdk, numpy]"))

    assert [finding.severity for finding in findings] == ["warning", "warning"]
    assert "r-base=4.0" in findings[0].problem
    assert "Java" in findings[1].remedy


def test_the_sdk_and_its_server_are_replaced_and_automl_is_said_plainly(from_pip):
    environment = from_pip(
        "azureml-defaults[x]>=1.0.45",
        "azureml-core",
        "azureml-sdk==1.1",
        "azureml-monitoring",
        "azureml-contrib-services",
        "azureml-inference-server-http",
        "azureml_model_management_sdk",
        "azureml-train-automl",
        "inference-schema[numpy-support]",
    )
    by_code = {}
    for finding in check_environment(environment):
        by_code.setdefault(finding.code, []).append(finding)

    assert requirements(environment) == ["inference-schema[numpy-support]"]
    assert len(by_code["azureml-package-replaced"]) == 7
    assert "AutoML need its own packages" in by_code["azureml-package-missing"][0].problem


def test_a_conda_list_inside_dependencies_is_read_with_a_finding(from_yaml):
    environment = from_yaml("dependencies: [{conda: ['python=3.8', 'numpy=1.18'], pip: [joblib]}]")

    assert requirements(environment) == ["numpy==1.18.*", "joblib"]
    assert codes(check_environment(environment)) == {"conda-group"}


def test_pip_has_the_last_word_about_a_package_named_twice(from_yaml):
    environment = from_yaml("dependencies: [numpy=1.18, {pip: ['numpy==1.19.5']}]")

    assert requirements(environment) == ["numpy==1.19.5"]


def test_options_urls_and_markers_are_understood(from_pip):
    environment = from_pip(
        "--index-url https://me:hush@index.example/simple",
        "--extra-index-url=https://other.example/simple",
        "-f https://links.example/x.html",
        "--trusted-host index.example",
        "--pre",
        "--prefer-binary",
        "dataclasses; python_version < '3.7'",
        "mine @ https://me:hush@h.example/mine-1.0-py3-none-any.whl",
        "git+https://me:hush@h.example/repo.git@v1#egg=repo",
    )
    specification = read_environment(environment)

    assert specification.options.lines == [
        "--index-url https://me:hush@index.example/simple",
        "--extra-index-url https://other.example/simple",
        "--find-links https://links.example/x.html",
    ]
    assert [entry.name for entry in specification.wanted] == ["dataclasses", "mine", ""]
    assert codes(specification.findings) == {"pip-option-ignored"}
    assert "hush" not in repr(specification)
    assert "hush" not in "".join(specification.fingerprint())


def test_local_packages_are_found_beside_the_conda_file(tmp_path):
    (tmp_path / "mypkg").mkdir()
    (tmp_path / "conda.yml").write_text("dependencies:\n  - pip:\n    - -e ./mypkg\n")
    environment = Environment.from_conda_specification("x", tmp_path / "conda.yml")

    assert requirements(environment) == [str(tmp_path / "mypkg")]
    assert codes(check_environment(environment)) == {"editable-copied", "local-package"}


def test_a_changed_local_package_is_a_different_environment(tmp_path):
    (tmp_path / "mypkg").mkdir()
    (tmp_path / "mypkg" / "setup.py").write_text("1")
    (tmp_path / "conda.yml").write_text("dependencies:\n  - pip:\n    - ./mypkg\n")
    environment = Environment.from_conda_specification("x", tmp_path / "conda.yml")
    before = read_environment(environment).fingerprint()
    (tmp_path / "mypkg" / "setup.py").write_text("2")

    assert read_environment(environment).fingerprint() != before


def test_a_missing_local_package_is_an_error_that_shows_where_it_was_looked_for(from_pip, tmp_path):
    with pytest.raises(InvalidEnvironment, match="nowhere"):
        read_environment(from_pip("./nowhere"))


def test_a_single_equals_sign_in_the_pip_list_is_explained(from_pip):
    with pytest.raises(InvalidEnvironment, match=r"write `numpy==1.18`"):
        read_environment(from_pip("numpy=1.18"))


def test_a_version_that_was_never_published_is_let_go(from_pip):
    environment = from_pip("certifi==0+unknown")

    assert requirements(environment) == ["certifi"]
    assert codes(check_environment(environment)) == {"pin-substituted"}


def test_findings_point_into_the_file(tmp_path):
    (tmp_path / "conda.yml").write_text("name: x\ndependencies:\n  - numpy\n  - r-base=4.0\n")

    (finding,) = check_environment(Environment.from_conda_specification("x", tmp_path / "conda.yml"))

    assert (finding.path, finding.span.line, finding.span.column) == (str(tmp_path / "conda.yml"), 4, 5)


def test_what_cannot_be_read_is_a_finding_for_the_editor(from_pip):
    (finding,) = check_environment(from_pip("numpy=1.18"))

    assert (finding.code, finding.severity) == ("environment-invalid", "error")
