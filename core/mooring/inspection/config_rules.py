"""Pages of what the configurations' own reader finds; it runs at a deployment as well, so the rules live there."""

from __future__ import annotations

from mooring.inspection.rule import Rule

_SCRIPT = "# score.py\ndef init():\n    pass\n\n\ndef run(raw_data):\n    return raw_data\n"


def _deployment(text: str) -> str:
    return f"# deploymentconfig.json\n{text}\n"


def _inference(text: str) -> str:
    return f"{_SCRIPT}# inferenceconfig.json\n{text}\n"


CONFIG_RULES = (
    Rule(
        code="key-unknown",
        severity="warning",
        title="A configuration has a key that nothing reads",
        why="Azure ML ignores unknown keys, and so does Mooring: the setting keeps its default, and nobody is told.",
        bad=_deployment('{"computeType": "aci", "enableAppInsights": true}'),
        good=_deployment('{"computeType": "aci", "appInsightsEnabled": true}'),
        subject="config",
    ),
    Rule(
        code="key-ignored",
        severity="information",
        title="A configuration has a key that has no effect here",
        why="The key is known, but not read with this target, or because another key counts instead. It is a warning where "
        "something was hoped for that will not happen, such as TLS.",
        bad=_deployment('{"computeType": "local", "port": 8890, "authEnabled": true}'),
        good=_deployment('{"computeType": "local", "port": 8890}'),
        subject="config",
    ),
    Rule(
        code="value-type",
        severity="error",
        title="A configuration's value is of the wrong kind",
        why="A number, a text, a truth value or an object is expected. A text that can only mean the right thing, such as "
        '`"True"`, is taken.',
        bad=_deployment('{"computeType": "local", "port": "first"}'),
        good=_deployment('{"computeType": "local", "port": 8890}'),
        subject="config",
    ),
    Rule(
        code="value-range",
        severity="error",
        title="A configuration's value is out of its range",
        why="The limits are Azure ML's: ports from 1 to 65535, positive CPU and memory, percentages to 100, names of namespaces "
        "as Kubernetes wants them.",
        bad=_deployment('{"computeType": "local", "port": 70000}'),
        good=_deployment('{"computeType": "local", "port": 8890}'),
        subject="config",
    ),
    Rule(
        code="settings-conflict",
        severity="error",
        title="Settings exclude each other, or one lacks another",
        why="A fixed number of replicas and autoscaling can't both be; TLS needs certificate, key and host name; a registry "
        "needs address, user and password; keys and tokens can't both be asked for.",
        bad=_deployment('{"computeType": "aks", "autoScaler": {"autoscaleEnabled": true}, "numReplicas": 2}'),
        good=_deployment(
            '{"computeType": "aks", "autoScaler": {"autoscaleEnabled": false}, "numReplicas": 2}'
        ),
        subject="config",
    ),
    Rule(
        code="compute-type",
        severity="error",
        title="`computeType` is missing, or names no target",
        why="It decides where the service runs and which other keys are read: `process`, `local`, `aci`, `aks` or "
        "`aksendpoint`, in capitals or not.",
        bad=_deployment(
            '{"computeType": "ack", "containerResourceRequirements": {"cpu": 1, "memoryInGB": 1}}'
        ),
        good=_deployment(
            '{"computeType": "aks", "containerResourceRequirements": {"cpu": 1, "memoryInGB": 1}}'
        ),
        subject="config",
    ),
    Rule(
        code="config-shape",
        severity="error",
        title="A configuration is no object",
        why="An inference or deployment configuration is an object of keys and values; a list or a plain value is none.",
        subject="config",
        bad="",
        good="",
    ),
    Rule(
        code="config-unreadable",
        severity="error",
        title="A file that must be a configuration is neither JSON nor YAML",
        why="The finding is at the place where reading had to stop. Comments and commas before closing brackets are skipped.",
        bad=_inference('{"entryScript": "score.py" "runtime": "python"}'),
        good=_inference('{"entryScript": "score.py", "runtime": "python"}'),
        subject="config",
    ),
    Rule(
        code="json-trailing-comma",
        severity="warning",
        title="A comma before a closing bracket",
        why="JSON allows none. Azure's command line read such files as YAML, which does, so it is skipped here as well; other "
        "tools refuse the file.",
        bad=_deployment('{"computeType": "local", "port": 8890,}'),
        good=_deployment('{"computeType": "local", "port": 8890}'),
        subject="config",
    ),
    Rule(
        code="json-comment",
        severity="warning",
        title="A comment in JSON",
        why="JSON has no comments. They are skipped here; other tools refuse the file. YAML has them.",
        bad=_deployment('{"computeType": "local" // here\n}'),
        good=_deployment('{"computeType": "local"}'),
        subject="config",
    ),
    Rule(
        code="json-unquoted",
        severity="warning",
        title="A word without quotes in JSON",
        why="It is read as YAML would read it; other tools refuse the file.",
        bad=_deployment('{"computeType": local}'),
        good=_deployment('{"computeType": "local"}'),
        subject="config",
    ),
    Rule(
        code="duplicate-key",
        severity="warning",
        title="A key stands twice in one object",
        why="The last one counts, and the other is lost without a word.",
        bad=_deployment('{"computeType": "local", "port": 8890, "port": 8891}'),
        good=_deployment('{"computeType": "local", "port": 8891}'),
        subject="config",
    ),
    Rule(
        code="several-documents",
        severity="error",
        title="A YAML file holds several documents",
        why="A configuration is one document; which of them is meant can't be told.",
        bad="# deploymentconfig.yml\ncomputeType: local\n---\ncomputeType: aks\n",
        good="# deploymentconfig.yml\n---\ncomputeType: local\n",
        subject="config",
    ),
    Rule(
        code="file-missing",
        severity="error",
        title="A configuration names a file that is not there",
        why="Paths are relative to `sourceDirectory` where there is one, else to the folder the command is run in.",
        bad=_inference('{"entryScript": "scoring.py", "runtime": "python"}'),
        good=_inference('{"entryScript": "score.py", "runtime": "python"}'),
        subject="config",
    ),
    Rule(
        code="entry-script",
        severity="error",
        title="An inference configuration names no entry script",
        why="`entryScript` is the one key that it can't do without.",
        bad=_inference('{"runtime": "python", "sourceDirectory": "."}'),
        good=_inference('{"runtime": "python", "sourceDirectory": ".", "entryScript": "score.py"}'),
        subject="config",
    ),
    Rule(
        code="entry-script-name",
        severity="error",
        title="The entry script's name can't be imported",
        why="The server imports the script as a module: its name ends in `.py` and is a Python identifier, so it has no dash.",
        bad=_inference('{"entryScript": "my-score.py"}').replace("# score.py", "# my-score.py"),
        good=_inference('{"entryScript": "score.py"}'),
        subject="config",
    ),
    Rule(
        code="entry-script-outside",
        severity="error",
        title="The entry script lies outside of `sourceDirectory`",
        why="Only that folder is shipped.",
        bad=_inference('{"entryScript": "../score.py", "sourceDirectory": "src"}') + "# src/notes.txt\n\n",
        good=_inference('{"entryScript": "score.py", "sourceDirectory": "."}'),
        subject="config",
    ),
    Rule(
        code="entry-script-place",
        severity="warning",
        title="The entry script's path does not start at `sourceDirectory`",
        why="With a `sourceDirectory`, `entryScript` is relative to it: `src/score.py` in `src` is `src/src/score.py`, and Azure "
        "ML refuses the deployment. The script that was meant is found here all the same.",
        bad=_inference('{"entryScript": "src/score.py", "sourceDirectory": "src"}').replace(
            "# score.py", "# src/score.py"
        ),
        good=_inference('{"entryScript": "score.py", "sourceDirectory": "src"}').replace(
            "# score.py", "# src/score.py"
        ),
        subject="config",
    ),
    Rule(
        code="environment-name",
        severity="warning",
        title="An environment's name begins like Azure's own",
        why="Names that begin with `AzureML` or `Microsoft` belong to Azure's curated environments; registering another one "
        "under such a name is refused there.",
        bad=_inference(
            '{"entryScript": "score.py", "environment": {"name": "AzureML-mine", "python": {"condaDependencies": '
            '{"dependencies": ["python=3.12"]}}}}'
        ),
        good=_inference(
            '{"entryScript": "score.py", "environment": {"name": "mine", "python": {"condaDependencies": '
            '{"dependencies": ["python=3.12"]}}}}'
        ),
        subject="config",
    ),
    Rule(
        code="environment-invalid",
        severity="error",
        title="An environment's definition can't be understood",
        why="A pip line is no requirement, a file that it names is missing, or a section has another shape than it should.",
        bad="# conda.yml\nname: env\ndependencies:\n  - python=3.12\n  - pip:\n      - joblib=1.4.2\n",
        good="# conda.yml\nname: env\ndependencies:\n  - python=3.12\n  - pip:\n      - joblib==1.4.2\n",
        subject="environment",
    ),
    Rule(
        code="python-substituted",
        severity="warning",
        title="The environment asks for a Python that the scoring server can't run on",
        why="The server needs Python 3.8 or newer. The nearest that it can run on takes the place of an older one; models "
        "pickled with much older packages may need to be trained again.",
        bad="# conda.yml\nname: env\ndependencies:\n  - python=3.6.2\n  - pip:\n      - joblib\n",
        good="# conda.yml\nname: env\ndependencies:\n  - python=3.12\n  - pip:\n      - joblib\n",
        subject="environment",
    ),
    Rule(
        code="pin-substituted",
        severity="warning",
        title="A version can't be had as it is written",
        why="`0+unknown` was never published, and some of conda's ways to write versions have no word in pip's. Any version is "
        "taken then; with the packages resolved, the finding says which.",
        bad="# conda.yml\nname: env\ndependencies:\n  - python=3.12\n  - pip:\n      - joblib==0+unknown\n",
        good="# conda.yml\nname: env\ndependencies:\n  - python=3.12\n  - pip:\n      - joblib==1.4.2\n",
        subject="environment",
    ),
    Rule(
        code="conda-package-without-twin",
        severity="warning",
        title="A conda package that PyPI does not have",
        why="Environments are made with pip's packages. Tools that only conda has are left out.",
        bad="",
        good="",
        subject="environment",
    ),
    Rule(
        code="conda-group",
        severity="information",
        title="A `conda:` list inside `dependencies`",
        why="It is not conda's own syntax, but Azure ML took it, so its entries are read.",
        bad="# conda.yml\nname: env\ndependencies:\n  - python=3.12\n  - conda:\n      - joblib\n",
        good="# conda.yml\nname: env\ndependencies:\n  - python=3.12\n  - joblib\n",
        subject="environment",
    ),
    Rule(
        code="azureml-package-missing",
        severity="warning",
        title="A package of Azure ML that nothing stands in for",
        why="Models made by AutoML, explanations and datasets need packages that are not installed here. Deploy with a "
        "user-managed Python that has them, or remove the line when `score.py` does not need it.",
        bad="# conda.yml\nname: env\ndependencies:\n  - python=3.12\n  - pip:\n      - azureml-train-automl\n",
        good="# conda.yml\nname: env\ndependencies:\n  - python=3.12\n  - pip:\n      - joblib\n",
        subject="environment",
    ),
    Rule(
        code="azureml-package-replaced",
        severity="information",
        title="A package of Azure ML that Mooring stands in for",
        why="The scoring server and its `azureml` modules come with Mooring. Keep the line if the file should stay deployable "
        "to Azure.",
        bad="",
        good="",
        subject="environment",
    ),
)
