"""`mooring demo`: a real model on real data, from training to an answer, in a folder the user keeps."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from mooring.cli import demo_steps as steps
from mooring.cli.call import Call
from mooring.cli.completing import complete_services
from mooring.cli.flags import flag
from mooring.cli.nouns import lone
from mooring.cli.output import Answer
from mooring.cli.progress import PhaseLines
from mooring.cli.sizes import short_digest, size
from mooring.cli.verb import verb

if TYPE_CHECKING:
    from mooring.deployments.values import Service

app = lone("demo")


class DemoLines(PhaseLines):
    """Leaves out what the demo says in its own words."""

    LEFT_OUT = (*PhaseLines.LEFT_OUT, "plan", "environment", "sample")


@verb(app, "demo", examples=["mooring demo", "mooring demo --directory my-demo -n my-demo"])
def demo(
    call: Call,
    directory: Annotated[
        Path, flag("--directory", "-d", help="Folder for the files; mooring-demo unless said.")
    ] = Path("mooring-demo"),
    name: Annotated[
        str, flag("--name", "-n", help="Name of the service; demo unless said.", complete=complete_services)
    ] = "demo",
) -> Answer:
    """Train ridge regression on scikit-learn's diabetes data, register it, deploy it to a process, and call it.

    The folder with the scoring script and the config files is yours to keep and edit; what you edited is not
    overwritten when the demo runs again. scikit-learn goes into an environment of its own, not into this Python.
    """
    view = DemoLines(call.out, is_quiet=call.is_quiet)
    try:
        return _run(call, directory, name, view)
    finally:
        view.close()


def _run(call: Call, folder: Path, name: str, view: PhaseLines) -> Answer:
    desk = call.workspace.services
    steps.check_name_is_free(desk, name)
    for label, files in steps.write_files(folder).items():
        view.say(label, f"{folder}/  {'  '.join(files)}")
    python = steps.make_environment(call.workspace.settings, folder, view)
    steps.train(python, folder, view)
    model, is_new = steps.register(call.workspace.models, folder)
    word = "Registered" if is_new else "Unchanged"
    view.say(word, f"{model.id}   {size(model.size_bytes)}   {short_digest(model.digest)}")
    service = steps.deploy(desk, name, model, folder, view)
    answer, took_s = _ask(desk, name, folder)
    view.say("Tested", f"{_shortened((folder / 'sample.json').read_text())} → {json.dumps(answer)}", took_s)
    facts = {"service": service.to_dict(), "model": model.id, "folder": str(folder), "answer": answer}
    return Answer(facts, service, text="", after=_what_next(service, folder))


def _ask(desk: Any, name: str, folder: Path) -> tuple[Any, float]:
    began = time.perf_counter()
    answer = desk.run(name, (folder / "sample.json").read_bytes())
    return answer, time.perf_counter() - began


def _shortened(request: str) -> str:
    rows = json.loads(request).get("data") or [[]]
    return f"[[{', '.join(f'{number:.2f}' for number in rows[0][:2])}, …]]"


def _what_next(service: Service, folder: Path) -> list[str]:
    key = f'-H "Authorization: Bearer $(mooring service get-keys -n {service.name} -o primary)" '
    return [
        "",
        f"Your service `{service.name}` is {service.state}. Try:",
        f"  mooring service run -n {service.name} -d @{folder}/sample.json",
        '  curl -H "Content-Type: application/json" '
        + (key if service.auth_enabled else "")
        + f"-d @{folder}/sample.json {service.scoring_uri}",
        f"  edit {folder}/score.py, then: mooring service update -n {service.name}",
        f"  mooring service delete -n {service.name}",
    ]
