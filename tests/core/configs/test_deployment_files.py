"""Each row of what public files hold, and what is said about it."""

import json
from pathlib import Path

import pytest

from mooring.configs import (
    AciDeploymentConfig,
    AksDeploymentConfig,
    AksEndpointDeploymentConfig,
    InvalidDeploymentConfig,
    LocalDeploymentConfig,
    ProcessDeploymentConfig,
    inspect_deployment_config,
    load_deployment_config,
    parse_deployment_config,
    read_document,
)
from mooring.findings import Span

FILES = Path(__file__).parents[2] / "workspaces" / "configs"


def said(findings):
    return [(finding.code, finding.severity) for finding in findings]


def parse(**content):
    return parse_deployment_config(json.dumps(content), "dc.json")


def refusal(text):
    with pytest.raises(InvalidDeploymentConfig) as caught:
        parse_deployment_config(text, "dc.json")
    return caught.value


@pytest.mark.parametrize(
    ("written", "cls"),
    [
        ("ACI", AciDeploymentConfig), ("aci", AciDeploymentConfig), ("Aci", AciDeploymentConfig),
        ("AKS", AksDeploymentConfig), ("aks", AksDeploymentConfig), ("local", LocalDeploymentConfig),
        ("LOCAL", LocalDeploymentConfig), ("AksEndpoint", AksEndpointDeploymentConfig),
        ("aksendpoint", AksEndpointDeploymentConfig), ("process", ProcessDeploymentConfig),
    ],
)  # fmt: skip
def test_compute_type_is_read_in_any_case(written, cls):
    config, findings = parse(computeType=written)

    assert type(config) is cls
    assert findings == []


def test_yaml_with_capitals_and_nulls_is_read_without_a_word():
    config, findings = load_deployment_config(FILES / "mlops" / "aciDeploymentConfig.yml")

    assert config == AciDeploymentConfig(1, 4, auth_enabled=True, ssl_enabled=False, enable_app_insights=True)
    assert findings == []


def test_tls_on_aks_is_a_warning_that_says_where_it_belongs():
    config, findings = load_deployment_config(FILES / "mlops" / "aksDeployConfig.yml")

    assert config.autoscale_max_replicas == 3
    assert config.replica_max_concurrent_requests == 2
    assert said(findings) == [("key-ignored", "warning")]
    assert findings[0].problem == (
        "sslEnabled has no effect with computeType aks: TLS is a setting of the cluster, not of the service."
    )
    assert findings[0].span == Span(28, 1, 28, 11)


@pytest.mark.parametrize("name", ["autoScaler", "keys", "livenessProbeRequirements", "numReplicas", "gpuCores",
                                  "namespace", "containerResourceRequirements", "dataCollection"])  # fmt: skip
def test_null_means_absent(name):
    config, findings = parse(computeType="aks", **{name: None})

    assert config == AksDeploymentConfig()
    assert findings == []


@pytest.mark.parametrize("group", ["keys", "livenessProbeRequirements", "autoScaler"])
def test_null_inside_a_group_means_absent(group):
    inside = {"keys": ["primaryKey", "secondaryKey"], "livenessProbeRequirements": ["periodSeconds"],
              "autoScaler": ["autoscaleEnabled", "minReplicas"]}[group]  # fmt: skip

    assert parse(computeType="aks", **{group: dict.fromkeys(inside)}) == (AksDeploymentConfig(), [])


def test_resources_are_numbers_of_either_kind():
    config, findings = parse(computeType="aci", containerResourceRequirements={"cpu": 1, "memoryInGB": 0.5})

    assert (config.cpu_cores, config.memory_gb, findings) == (1, 0.5, [])


def test_wrong_keys_of_real_files_are_named_with_what_was_meant():
    config, findings = load_deployment_config(FILES / "tolerated" / "wrong-keys.json")

    assert config == AksDeploymentConfig(auth_enabled=True)
    assert said(findings) == [
        ("key-unknown", "warning"), ("key-unknown", "warning"), ("value-type", "warning"), ("key-ignored", "warning"),
    ]  # fmt: skip
    assert "did you mean the option --ct, or computeTargetName?" in findings[0].problem
    assert "did you mean appInsightsEnabled?" in findings[1].problem
    assert findings[2].problem == "authEnabled should be a boolean: the text 'True' is read as true."
    assert findings[0].span == Span(3, 5, 3, 20)


@pytest.mark.parametrize(("text", "meant"), [("True", True), ("false", False), ("FALSE", False)])
def test_a_boolean_in_quotes_is_read_for_what_it_says(text, meant):
    config, findings = parse(computeType="aci", authEnabled=text)

    assert config.auth_enabled is meant
    assert said(findings) == [("value-type", "warning")]


def test_a_number_in_quotes_is_read_with_a_warning():
    config, findings = parse(computeType="aks", numReplicas="3", containerResourceRequirements={"cpu": "0.5"})

    assert (config.num_replicas, config.cpu_cores) == (3, 0.5)
    assert said(findings) == [("value-type", "warning")] * 2


def test_missing_auth_and_tls_take_the_defaults_of_their_compute_type():
    assert parse(computeType="aci")[0].server_options()["auth_enabled"] is False
    assert parse(computeType="aks")[0].server_options()["auth_enabled"] is True


def test_every_key_the_sdk_reads_is_read_for_aci():
    config, findings = load_deployment_config(FILES / "serialised" / "aciConfig.json")

    assert findings == []
    assert config == AciDeploymentConfig(
        0.5, 1.0, dns_name_label="diabetes", primary_key="first-of-two", secondary_key="second-of-two",
        vnet_name="inner", subnet_name="scoring", cmk_vault_base_url="https://vault.example", cmk_key_name="disk",
        cmk_key_version="12",
    )  # fmt: skip


def test_every_key_the_sdk_reads_is_read_for_aks_endpoints():
    config, findings = load_deployment_config(FILES / "serialised" / "aksEndpointConfig.json")

    assert findings == []
    assert config == AksEndpointDeploymentConfig(
        autoscale_enabled=False, num_replicas=3, gpu_cores=1, version_name="diabetes-a", traffic_percentile=25.5,
        namespace="scoring", token_auth_enabled=True, auth_enabled=False, collect_model_data=True, cpu_cores=0.5,
        cpu_cores_limit=1, memory_gb=1, memory_gb_limit=2.5, compute_target_name="production",
    )  # fmt: skip


def test_a_trailing_comma_is_a_warning():
    config, findings = load_deployment_config(FILES / "tolerated" / "trailing-comma.json")

    assert config == LocalDeploymentConfig(6789)
    assert [(f.code, f.severity, f.span) for f in findings] == [
        ("json-trailing-comma", "warning", Span(3, 17, 3, 18))
    ]


def test_comments_are_warnings():
    config, findings = load_deployment_config(FILES / "tolerated" / "comments.json")

    assert config == AciDeploymentConfig(1, 1)
    assert said(findings) == [("json-comment", "warning")] * 2


def test_a_byte_order_mark_and_capitals_are_tolerated():
    config, findings = load_deployment_config(FILES / "tolerated" / "bom-and-capitals.json")

    assert config == AciDeploymentConfig(auth_enabled=True)
    assert said(findings) == [("json-unquoted", "warning")]


def test_keys_of_another_compute_type_are_information_unless_they_would_protect():
    _, findings = parse(
        computeType="local", port=1, containerResourceRequirements={"cpu": 1}, authEnabled=True
    )

    assert said(findings) == [("key-ignored", "information"), ("key-ignored", "warning")]
    assert findings[1].problem == (
        "authEnabled has no effect with computeType local: local services have no authentication."
    )


def test_keys_that_only_arguments_set_are_information():
    config, findings = parse(computeType="aci", tags={"a": "b"}, description="x")

    assert (config.tags, config.description) == (None, None)
    assert said(findings) == [("key-ignored", "information")] * 2


def test_the_process_target_takes_resources_and_says_that_they_are_not_enforced():
    config, findings = parse(
        computeType="process", port=8890, authEnabled=True, appInsightsEnabled=True, keys={"primaryKey": "k"},
        containerResourceRequirements={"cpu": 1, "memoryInGB": 2}, environmentVariables={"A": 1, "B": True},
        workerCount=2,
    )  # fmt: skip

    assert (config.port, config.worker_count, config.cpu_cores, config.memory_gb) == (8890, 2, 1, 2)
    assert config.environment_variables == {"A": "1", "B": "true"}
    assert said(findings) == [("key-ignored", "information")] * 3


def test_unknown_keys_are_ignored_with_a_hint():
    _, findings = parse(computeType="aci", containerResourceRequirements={"cpus": 1}, memoryInGB=2, zzz=1)

    assert [f.problem for f in findings] == [
        "containerResourceRequirements.cpus is not known and is ignored; did you mean 'cpu'?",
        "memoryInGB is not known and is ignored; did you mean 'containerResourceRequirements.memoryInGB'?",
        "zzz is not known and is ignored.",
    ]


def test_a_missing_compute_type_is_refused_in_v1s_words():
    error = refusal('{"port": 1}')

    assert "Error parsing --deploy-config-file." in error.problem
    assert "Need to specify computeType in --deploy-config-file" in error.problem
    assert "process, local, aci, aks, aksendpoint" in error.remedy


@pytest.mark.parametrize("key", ["computetype", "ComputeType", "compute_type"])
def test_a_misspelt_compute_type_is_pointed_at(key):
    error = refusal(json.dumps({"port": 1, key: "local"}))

    assert f"(there is a key {key!r})" in error.problem


def test_an_unknown_compute_type_is_refused_in_v1s_words_with_a_hint():
    error = refusal('{\n "computeType": "AKZ"}')

    assert "unknown deployment type: AKZ; did you mean 'aks'?" in error.problem
    assert error.findings[0].span == Span(2, 17, 2, 22)


@pytest.mark.parametrize("text", ["[]", "3", "words", '{"computeType": ["aci"]}', '{"computeType": {}}'])
def test_other_shapes_are_refused(text):
    assert refusal(text).findings[0].code == "compute-type"


def test_what_is_wrong_in_a_file_is_refused_with_places_and_all_at_once():
    error = refusal('{"computeType": "aks",\n "numReplicas": 0,\n "gpuCores": "x",\n "keys": []}')

    assert error.problem.splitlines() == [
        "Error parsing --deploy-config-file. dc.json:2:17: Invalid configuration, num_replicas must be greater than zero.",
        "dc.json:3:14: Invalid configuration, gpu_cores must be a whole number.",
        "dc.json:4:10: Invalid configuration, keys must be an object.",
    ]


def test_a_second_document_stops_a_deployment():
    assert [f.code for f in refusal("computeType: local\n---\ncomputeType: aci\n").findings] == [
        "several-documents"
    ]


def test_tls_files_are_also_looked_for_beside_the_configuration(tmp_path):
    for name in ("cert.pem", "key.pem"):
        (tmp_path / name).write_text("")
    path = tmp_path / "dc.yml"
    path.write_text(
        "computeType: aci\nsslEnabled: true\nsslCertificate: cert.pem\nsslKey: key.pem\ncname: a.b\n"
    )

    config, findings = load_deployment_config(path)

    assert config.find_file("key.pem") == tmp_path / "key.pem"
    assert findings == []


def test_inspection_gives_every_finding_and_never_raises():
    config, findings = inspect_deployment_config(
        read_document('{"computeType": "aks", "cpu": 1, "numReplicas": -1,}')
    )

    assert isinstance(config, AksDeploymentConfig)
    assert said(findings) == [
        ("key-unknown", "warning"), ("value-range", "error"), ("json-trailing-comma", "warning"),
    ]  # fmt: skip
