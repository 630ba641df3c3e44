"""What the notebook face costs: loading the magics, showing a widget, and fifty widgets that nobody touches.

    python benchmarks/notebook.py

Every figure is taken in fresh kernels, with byte code on the disk as pip leaves it; beside each stands what
`import ipywidgets` takes in the same kernel, for a machine that is busy is busy for both. Processor time is what the
kernel itself used.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path

import psutil
from jupyter_client.manager import start_new_kernel

LOAD_LIMIT_S = 0.15
SHOWN_LIMIT_S = 0.3
IDLE_LIMIT = 0.02
WIDGETS = 50
SCRIPT = "def init():\n    pass\n\n\ndef run(data):\n    return [1]\n"
SHOW = "from mooring_jupyter.widgets import ServiceWidget\ndisplay(ServiceWidget('nb'))"
TIMED = "import time as _t; _w, _c = _t.perf_counter(), _t.process_time()\n{code}\nprint(_t.perf_counter() - _w, _t.process_time() - _c)"


class Kernel:
    """A fresh kernel that is ended at the end."""

    def __enter__(self):
        self.manager, self.client = start_new_kernel()
        return self

    def __exit__(self, *_):
        self.client.stop_channels()
        self.manager.shutdown_kernel(now=True)

    @property
    def process(self):
        return psutil.Process(self.manager.provisioner.process.pid)

    def run(self, code):
        """What it prints; raises what it raises."""
        printed = []

        def hear(message):
            kind, content = message["header"]["msg_type"], message["content"]
            if kind == "stream":
                printed.append(content["text"])
            if kind == "error":
                raise RuntimeError("\n".join(content["traceback"]))

        self.client.execute_interactive(code, output_hook=hear, timeout=120)
        return "".join(printed)

    def timed(self, code):
        """Seconds of the clock and of the processor."""
        wall, cpu = self.run(TIMED.format(code=code)).split()[-2:]
        return float(wall), float(cpu)


def leave_byte_code():
    """One kernel that is not measured."""
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    with Kernel() as kernel:
        kernel.run(f"%load_ext mooring\n{SHOW}\n%mooring services")


def load(runs):
    """`%load_ext mooring` in kernels that have nothing of it."""
    took, rival = [], []
    for _ in range(runs):
        with Kernel() as kernel:
            took.append(kernel.timed("get_ipython().run_line_magic('load_ext', 'mooring')"))
            rival.append(kernel.timed("import ipywidgets"))
    tell("%load_ext mooring", took, rival, LOAD_LIMIT_S)


def shown(runs):
    """From the call until the widget has left the kernel, the first one of a kernel and a later one."""
    first, later, rival = [], [], []
    for _ in range(runs):
        with Kernel() as kernel:
            kernel.run("%load_ext mooring")
            rival.append(kernel.timed("import ipywidgets"))
            first.append(kernel.timed(SHOW))
            later.append(kernel.timed(SHOW))
    tell("a kernel's first ServiceWidget (with ipywidgets loaded)", first, rival, SHOWN_LIMIT_S)
    tell("a later ServiceWidget", later, rival, SHOWN_LIMIT_S)


def idle(seconds):
    """The share of a core that fifty widgets cost, beside the same kernel without them."""
    with Kernel() as kernel:
        kernel.run("%load_ext mooring\nfrom mooring_jupyter.widgets import ServiceWidget")
        bare = share(kernel.process, seconds)
        kernel.run(f"shown = [ServiceWidget('nb') for _ in range({WIDGETS})]")
        time.sleep(2)
        full = share(kernel.process, seconds)
    verdict = "ok" if full - bare <= IDLE_LIMIT else "TOO MUCH"
    sys.stdout.write(
        f"{WIDGETS} idle widgets: {(full - bare) * 100:.2f} % of a core (kernel without them {bare * 100:.2f} %, "
        f"with {full * 100:.2f} %), limit {IDLE_LIMIT:.0%}  {verdict}\n"
    )


def share(process, seconds):
    before = process.cpu_times()
    time.sleep(seconds)
    after = process.cpu_times()
    return (after.user + after.system - before.user - before.system) / seconds


def tell(title, took, rival, limit_s):
    wall = statistics.median(each for each, _ in took)
    cpu = statistics.median(each for _, each in took)
    beside = statistics.median(each for each, _ in rival)
    spread = f"{min(each for each, _ in took) * 1000:.0f}-{max(each for each, _ in took) * 1000:.0f}"
    verdict = "ok" if min(wall, cpu) <= limit_s else "TOO SLOW"
    sys.stdout.write(
        f"{title}: median {wall * 1000:.0f} ms ({spread}), processor {cpu * 1000:.0f} ms, limit {limit_s * 1000:.0f} ms; "
        f"`import ipywidgets` {beside * 1000:.0f} ms, ratio {wall / beside:.2f}  {verdict}\n"
    )


def deploy(folder):
    from mooring.configs import InferenceConfig
    from mooring.workspace import Workspace

    (folder / "score.py").write_text(SCRIPT)
    with Workspace.open() as workspace:
        workspace.services.deploy("nb", [], InferenceConfig(entry_script=str(folder / "score.py")))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=30)
    arguments = parser.parse_args()
    home = Path(tempfile.mkdtemp())
    os.environ["MOORING_HOME"] = str(home / "home")
    deploy(home)
    load_1, *_ = os.getloadavg()
    sys.stdout.write(f"load of this machine at the start: {load_1:.1f} on {os.cpu_count()} cores\n")
    try:
        leave_byte_code()
        load(arguments.runs)
        shown(arguments.runs)
        idle(arguments.seconds)
    finally:
        from mooring.workspace import Workspace

        with Workspace.open() as workspace:
            workspace.services.delete("nb")
        shutil.rmtree(home)


if __name__ == "__main__":
    main()
