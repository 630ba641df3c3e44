import dataclasses
import inspect

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mooring.configs import (
    DEPLOYMENT_CONFIGS,
    AciDeploymentConfig,
    AksDeploymentConfig,
    AksEndpointDeploymentConfig,
    DeploymentConfig,
    InvalidDeploymentConfig,
    LocalDeploymentConfig,
    ProcessDeploymentConfig,
    settings_of,
)


def problems(cls, **arguments):
    with pytest.raises(InvalidDeploymentConfig) as caught:
        cls(**arguments)
    return caught.value.problem.splitlines()


POSITIVE_ON_AKS = [
    "cpu_cores", "memory_gb", "period_seconds", "initial_delay_seconds", "timeout_seconds", "success_threshold",
    "failure_threshold", "scoring_timeout_ms", "replica_max_concurrent_requests", "max_request_wait_time",
    "num_replicas",
]  # fmt: skip
SCALING = [
    "autoscale_min_replicas", "autoscale_max_replicas", "autoscale_refresh_seconds", "autoscale_target_utilization",
]  # fmt: skip


@pytest.mark.parametrize("cls", [AksDeploymentConfig, AksEndpointDeploymentConfig])
@pytest.mark.parametrize("name", POSITIVE_ON_AKS)
@pytest.mark.parametrize("value", [0, -1])
def test_what_must_be_greater_than_zero(cls, name, value):
    assert problems(cls, **{name: value}) == [f"Invalid configuration, {name} must be greater than zero."]


@pytest.mark.parametrize("name", SCALING)
def test_scaling_numbers_must_be_greater_than_zero_when_scaling(name):
    given = {"autoscale_enabled": True, name: -1}

    assert problems(AksDeploymentConfig, **given) == [
        f"Invalid configuration, {name} must be greater than zero."
    ]


@pytest.mark.parametrize("name", SCALING)
@pytest.mark.parametrize("enabled", [{}, {"autoscale_enabled": False, "num_replicas": 2}])
def test_scaling_numbers_need_scaling_to_be_asked_for(name, enabled):
    assert problems(AksDeploymentConfig, **{name: 3}, **enabled) == [
        f"Invalid configuration, {name} provided without enabling autoscaling."
    ]


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ({"gpu_cores": -1}, "gpu_cores must be greater than or equal to zero."),
        ({"gpu_cores": 0.5}, "gpu_cores must be a whole number."),
        (
            {"cpu_cores": 2, "cpu_cores_limit": 1},
            "cpu_cores_limit must be greater than or equal to cpu_cores.",
        ),
        (
            {"memory_gb": 2, "memory_gb_limit": 1},
            "memory_gb_limit must be greater than or equal to memory_gb.",
        ),
        (
            {"namespace": "Upper"},
            "namespace must be a valid Kubernetes namespace. Regex for validation is ^[a-z0-9]([a-z0-9-]{,61}[a-z0-9])?$.",
        ),
        ({"autoscale_enabled": True, "num_replicas": 2}, "autoscale enabled and num_replicas provided."),
        ({"autoscale_enabled": False}, "autoscale disabled but num_replicas not provided."),
        (
            {"autoscale_enabled": True, "autoscale_min_replicas": 4, "autoscale_max_replicas": 2},
            "autoscale_min_replicas cannot be greater than autoscale_max_replicas.",
        ),
        (
            {"auth_enabled": True, "token_auth_enabled": True},
            "auth_enabled and token_auth_enabled cannot both be true.",
        ),
        ({"cpu_cores": "plenty"}, "cpu_cores must be a number."),
        ({"auth_enabled": "perhaps"}, "auth_enabled must be true or false."),
    ],
)
def test_v1s_messages_for_aks(arguments, expected):
    assert problems(AksDeploymentConfig, **arguments) == [f"Invalid configuration, {expected}"]


def test_all_that_is_wrong_is_said_at_once_one_line_each():
    lines = problems(
        AksDeploymentConfig,
        cpu_cores=-1,
        num_replicas=0,
        autoscale_max_replicas=2,
        namespace="-",
        gpu_cores=-1,
    )

    assert len(lines) == 5
    assert all(line.startswith("Invalid configuration, ") for line in lines)


@pytest.mark.parametrize("cls", [LocalDeploymentConfig, ProcessDeploymentConfig])
@pytest.mark.parametrize("port", [-1, 65536, 80.5, "http", True])
def test_a_port_is_an_integer_in_range(cls, port):
    assert problems(cls, port=port) == ["Invalid configuration, port must be an integer in range [1, 65535]."]


@pytest.mark.parametrize("cls", [LocalDeploymentConfig, ProcessDeploymentConfig])
@pytest.mark.parametrize("port", [None, 0, 1, 65535])
def test_no_port_or_port_0_takes_a_free_one(cls, port):
    assert cls(port=port).port == port


@pytest.mark.parametrize("name", ["cpu_cores", "memory_gb"])
def test_aci_wants_positive_resources(name):
    assert problems(AciDeploymentConfig, **{name: 0}) == [f"Invalid configuration, {name} must be positive."]


def test_tls_on_aci_needs_its_three_parts(tmp_path):
    assert problems(AciDeploymentConfig, ssl_enabled=True, ssl_cname="x") == [
        "SSL is enabled, you must provide a SSL certificate, key, and cname."
    ]


def test_tls_files_on_aci_must_exist(tmp_path):
    certificate = tmp_path / "cert.pem"
    certificate.write_text("")

    lines = problems(
        AciDeploymentConfig,
        ssl_enabled=True,
        ssl_cert_pem_file=str(certificate),
        ssl_key_pem_file="no.pem",
        ssl_cname="x",
    )

    assert lines == ["Error, unable to find SSL key pem file provided paths:", "no.pem"]


@pytest.mark.parametrize("given", [{"cmk_key_name": "k"}, {"cmk_key_name": "k", "cmk_vault_base_url": "v"}])
def test_a_customer_managed_key_comes_whole(given):
    assert problems(AciDeploymentConfig, **given)[0].startswith(
        "customer managed key vault_base_url, key_name and"
    )


@pytest.mark.parametrize("given", [{"vnet_name": "v"}, {"subnet_name": "s"}])
def test_a_network_comes_with_its_subnet(given):
    assert problems(AciDeploymentConfig, **given) == [
        "vnet_name and subnet_name must all have values or both are empty/null."
    ]


@pytest.mark.parametrize("value", [-1, 100.5])
def test_a_traffic_share_is_a_percentage(value):
    assert problems(AksEndpointDeploymentConfig, traffic_percentile=value) == [
        "Invalid configuration, traffic_percentile cannot be negative or greater than 100."
    ]


@pytest.mark.parametrize("name", ["ab", "A-version", "1st", "ends-", "a" * 33])
def test_a_version_name_follows_the_rule_of_service_names(name):
    assert problems(AksEndpointDeploymentConfig, version_name=name)[0].startswith(
        "Invalid configuration, version_name must have 3 to 32 characters"
    )
    assert AksEndpointDeploymentConfig(version_name="diabetes-2").version_name == "diabetes-2"


ACI_ORDER = (
    "cpu_cores memory_gb tags properties description location auth_enabled ssl_enabled enable_app_insights "
    "ssl_cert_pem_file ssl_key_pem_file ssl_cname dns_name_label primary_key secondary_key collect_model_data "
    "cmk_vault_base_url cmk_key_name cmk_key_version vnet_name subnet_name"
)
LIMITS = "compute_target_name cpu_cores_limit memory_gb_limit"
AKS_ORDER = (
    "autoscale_enabled autoscale_min_replicas autoscale_max_replicas autoscale_refresh_seconds "
    "autoscale_target_utilization collect_model_data auth_enabled cpu_cores memory_gb enable_app_insights "
    "scoring_timeout_ms replica_max_concurrent_requests max_request_wait_time num_replicas primary_key secondary_key "
    "tags properties description gpu_cores period_seconds initial_delay_seconds timeout_seconds success_threshold "
    "failure_threshold namespace token_auth_enabled"
)


@pytest.mark.parametrize(
    ("cls", "order"),
    [
        (LocalDeploymentConfig, "port"),
        (AciDeploymentConfig, ACI_ORDER),
        (
            AksDeploymentConfig,
            f"{AKS_ORDER} compute_target_name cpu_cores_limit memory_gb_limit blobfuse_enabled",
        ),
        (
            AksEndpointDeploymentConfig,
            f"{AKS_ORDER} version_name traffic_percentile {LIMITS} is_default is_control_version_type",
        ),
    ],
)
def test_arguments_come_in_v1s_order(cls, order):
    assert list(inspect.signature(cls).parameters) == order.split()


@pytest.mark.parametrize(
    ("cls", "expected"),
    [
        (AciDeploymentConfig, {"cpu_cores": 0.1, "memory_gb": 0.5, "auth_enabled": False, "ssl_enabled": False}),
        (
            AksDeploymentConfig,
            {
                "autoscale_enabled": True, "autoscale_min_replicas": 1, "autoscale_max_replicas": 10,
                "autoscale_refresh_seconds": 1, "autoscale_target_utilization": 70, "auth_enabled": True,
                "token_auth_enabled": False, "cpu_cores": 0.1, "memory_gb": 0.5, "scoring_timeout_ms": 60000,
                "replica_max_concurrent_requests": 1, "max_request_wait_time": 500, "gpu_cores": 0,
                "period_seconds": 10, "initial_delay_seconds": 310, "timeout_seconds": 2, "success_threshold": 1,
                "failure_threshold": 3, "num_replicas": None, "collect_model_data": False,
            },
        ),
        (AksEndpointDeploymentConfig, {"traffic_percentile": 0, "auth_enabled": True}),
        (ProcessDeploymentConfig, {"auth_enabled": False, "worker_count": 1, "scoring_timeout_ms": 60000}),
        (LocalDeploymentConfig, {"port": None}),
    ],
)  # fmt: skip
def test_defaults_are_v1s_and_attributes_stay_none_until_set(cls, expected):
    config = cls()

    assert {name: config.effective(name) for name in expected} == expected
    assert all(getattr(config, name) is None for name in settings_of(cls))


def test_a_fixed_number_of_replicas_turns_scaling_off():
    assert AksDeploymentConfig(num_replicas=2).effective("autoscale_enabled") is False


def test_tokens_take_the_place_of_keys_on_aks():
    options = AksDeploymentConfig(token_auth_enabled=True).server_options()

    assert (options["auth_enabled"], options["token_auth_enabled"]) == (False, True)


@pytest.mark.parametrize(
    ("config", "expected"),
    [
        (LocalDeploymentConfig(), (False, False, None, None, None, None)),
        (AciDeploymentConfig(auth_enabled=True), (True, False, None, None, None, None)),
        (AksDeploymentConfig(), (True, False, 60000, 1, 500, None)),
        (ProcessDeploymentConfig(), (False, False, 60000, None, None, 1)),
        (
            ProcessDeploymentConfig(
                auth_enabled=True, scoring_timeout_ms=9, replica_max_concurrent_requests=2, max_request_wait_time=3,
                worker_count=4,
            ),
            (True, False, 9, 2, 3, 4),
        ),
    ],
)  # fmt: skip
def test_what_the_scoring_server_is_told(config, expected):
    names = "auth_enabled token_auth_enabled scoring_timeout_ms max_concurrent max_queue_wait_ms worker_count"

    assert config.server_options() == dict(zip(names.split(), expected, strict=True))


@pytest.mark.parametrize("cls", [ProcessDeploymentConfig, AciDeploymentConfig, AksDeploymentConfig])
def test_keys_are_write_only(cls):
    config = cls(auth_enabled=True, primary_key="hunter2", secondary_key="hunter3")

    assert "hunter" not in repr(config) + str(config.to_dict())
    assert config.to_dict(reveal=True)["keys"] == {"primaryKey": "hunter2", "secondaryKey": "hunter3"}
    assert "hunter" not in str(InvalidDeploymentConfig(findings=tuple(config.validate())))


def test_a_wrong_key_is_not_repeated():
    with pytest.raises(InvalidDeploymentConfig) as caught:
        AciDeploymentConfig(primary_key=["hunter2"])  # type: ignore[arg-type]

    assert "hunter2" not in str(caught.value)
    assert "(hidden)" in str(caught.value)


def test_repr_shows_what_is_set_as_a_call():
    config = AciDeploymentConfig(1, memory_gb=2.5, tags={"area": "health"})

    assert repr(config) == "AciDeploymentConfig(cpu_cores=1, memory_gb=2.5, tags={'area': 'health'})"
    assert repr(LocalDeploymentConfig()) == "LocalDeploymentConfig()"


def test_assignment_bends_types_as_reading_does_and_validate_sees_it():
    config = AksDeploymentConfig()
    config.auth_enabled = "False"  # type: ignore[assignment]
    config.cpu_cores = -1

    assert config.auth_enabled is False
    assert [finding.code for finding in config.validate()] == ["value-range"]
    with pytest.raises(InvalidDeploymentConfig):
        config.validate_configuration()


VALUES = {
    "text": st.text("abc", min_size=3, max_size=8),
    "path": st.text("abc", min_size=1, max_size=8),
    "number": st.floats(0.5, 50),
    "integer": st.integers(1, 50),
    "boolean": st.booleans(),
    "texts": st.dictionaries(st.text("ab", min_size=1), st.text(max_size=5), max_size=3),
}


@st.composite
def configurations(draw):
    cls = draw(st.sampled_from(list(DEPLOYMENT_CONFIGS.values())))
    known = settings_of(cls)
    names = draw(st.lists(st.sampled_from(list(known)), unique=True))
    return cls.of({name: draw(VALUES[known[name].kind]) for name in names})


@settings(max_examples=150, deadline=None)
@given(configurations())
def test_to_dict_and_back_is_the_same(config):
    again = DeploymentConfig.from_dict(config.to_dict(reveal=True))

    assert again == config
    assert type(again) is type(config)


def test_from_dict_refuses_what_to_dict_never_wrote():
    with pytest.raises(InvalidDeploymentConfig, match="Need to specify computeType"):
        DeploymentConfig.from_dict({})
    with pytest.raises(InvalidDeploymentConfig, match="cpu_cores must be a number"):
        DeploymentConfig.from_dict({"computeType": "aci", "containerResourceRequirements": {"cpu": "x"}})


def test_every_setting_is_documented_and_has_one_place():
    for cls in DEPLOYMENT_CONFIGS.values():
        known = settings_of(cls)
        assert [f.name for f in dataclasses.fields(cls) if f.init] == list(known)
        assert len({one.key for one in known.values()}) == len(known)
        assert all(one.doc.endswith(".") for one in known.values())
