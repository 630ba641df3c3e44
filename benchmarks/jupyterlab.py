"""JupyterLab's panel in Chromium: first paint among many models and services, and log lines on their way to the screen.

    poe bench --name jupyterlab          1,000 models, 50 services, 20 s of log at 1,000 lines/s
    python benchmarks/jupyterlab.py --models 100 --services 5 --seconds 5

Needs Chromium (MOORING_TEST_CHROMIUM) and the built panel (poe panel). Times are the page's own.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests/jupyter_ext"))

from running_lab import CHROMIUM, FLAGS, TOKEN, Lab, command, wait_ready

TALKER = """import threading, time, sys

def talk():
    began = time.time()
    count = 0
    while True:
        due = int((time.time() - began) * LINES)
        text = "".join(f"line {n} at {time.time():.4f} and some more words\\n" for n in range(count, due))
        sys.stdout.write(text)
        sys.stdout.flush()
        count = due
        time.sleep(0.001)

def init():
    threading.Thread(target=talk, daemon=True).start()

def run(data):
    return 1
"""
PAINT_LIMIT_MS, LINE_LIMIT_MS, BUNDLE_LIMIT_KB = 500, 200, 300
QUIET = "def init():\n    pass\n\n\ndef run(data):\n    return 1\n"

PAINT = """() => {
  window.__painted = {};
  const look = () => {
    const row = document.querySelector('.mooring-Panel .mooring-Row');
    if (row && !window.__painted.row) { window.__painted.row = performance.now(); }
    if (window.jupyterapp && !window.__painted.asked) {
      window.__painted.asked = true;
      window.jupyterapp.restored.then(() => { window.__painted.ready = performance.now(); });
    }
    if (!window.__painted.row || !window.__painted.ready) { requestAnimationFrame(look); }
  };
  requestAnimationFrame(look);
}"""

WATCH_LOG = """seconds => new Promise(done => {
  const waits = []; const frames = []; let last = null; let before = performance.now();
  const until = before + seconds * 1000;
  const look = now => {
    frames.push(now - before); before = now;
    const lines = document.querySelectorAll('.mooring-Line');
    const told = /at (\\d+\\.\\d+)/.exec(lines[lines.length - 1]?.innerText ?? '');
    if (told && Number(told[1]) !== last) {
      const newest = Number(told[1]); const shown = Date.now() / 1000;
      // every line since the last frame came into sight, or past it, with this one
      for (let at = last ?? newest; at < newest; at += 0.001) { waits.push((shown - at) * 1000); }
      last = newest;
    }
    if (now < until) { requestAnimationFrame(look); } else { done({waits, frames}); }
  };
  requestAnimationFrame(look);
})"""


def main() -> None:
    """Print both figures."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--models", type=int, default=1000)
    parser.add_argument("--services", type=int, default=50)
    parser.add_argument("--seconds", type=int, default=20)
    parser.add_argument("--lines", type=int, default=1000)
    asked = parser.parse_args()
    from playwright.sync_api import sync_playwright

    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        lab = Lab(Path(folder), Path(folder, "work"), Path(folder, "home"))
        lab.work.mkdir()
        os.environ["MOORING_HOME"] = str(lab.home)
        fill(lab, asked)
        lab.start()
        try:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
            page = browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
            first_paint(page, lab, asked)
            log_lines(page, asked)
            bundle()
            browser.close()
        finally:
            lab.stop()
            empty()


def fill(lab: Lab, asked: argparse.Namespace) -> None:
    from mooring.configs import InferenceConfig
    from mooring.workspace import Workspace

    with Workspace.open() as workspace:
        for n in range(asked.models):
            (lab.work / "model.pkl").write_text(f"model {n}")
            workspace.models.register(lab.work / "model.pkl", f"model-{n:04}", tags={"area": f"a{n % 7}"})
        (lab.work / "score.py").write_text(QUIET)
        for n in range(asked.services):
            inference = InferenceConfig(entry_script=str(lab.work / "score.py"))
            workspace.services.deploy(f"service-{n:02}", [f"model-{n % asked.models:04}:1"], inference)
        (lab.work / "talk.py").write_text(TALKER.replace("LINES", str(asked.lines)))
        workspace.services.deploy("talker", [], InferenceConfig(entry_script=str(lab.work / "talk.py")))
        workspace.services.delete("talker")


def first_paint(page, lab: Lab, asked: argparse.Namespace) -> None:
    page.goto(f"{lab.url}lab?token={TOKEN}")
    wait_ready(page)
    command(page, "mooring:show-panel")
    page.wait_for_selector(".mooring-Row", timeout=60_000)
    page.wait_for_timeout(2000)  # Lab saves its layout
    page.add_init_script(f"({PAINT})()")
    found = [paint(page, lab) for _ in range(5)]
    page.goto("about:blank")
    page.wait_for_timeout(15_000)  # the server looks away meanwhile, and has to ask every service again
    alone = paint(page, lab)
    began = time.perf_counter()
    command(page, "mooring:show-panel", tab="models")
    page.wait_for_selector(".mooring-Row:has-text('model-')", timeout=60_000)
    models_ms = (time.perf_counter() - began) * 1000
    rows = page.locator(".mooring-Row").count()
    print(
        f"first paint, {asked.models} models, {asked.services} services: {tell(found)} after Lab is ready "
        f"(below 0: before it), {alone:.0f} ms when no other page was open, limit {PAINT_LIMIT_MS} ms  {verdict(statistics.median(found), PAINT_LIMIT_MS)}"
    )
    print(f"models tab, {asked.models} models: {models_ms:.0f} ms after the click, {rows} rows in the page")


def paint(page, lab: Lab) -> float:
    """Milliseconds from Lab's being ready to the panel's first row."""
    page.goto(f"{lab.url}lab")
    page.wait_for_function("() => window.__painted?.row && window.__painted?.ready", timeout=60_000)
    painted = page.evaluate("() => window.__painted")
    wait_ready(page)
    return float(painted["row"] - painted["ready"])


def log_lines(page, asked: argparse.Namespace) -> None:
    from mooring.configs import InferenceConfig
    from mooring.workspace import Workspace

    rest = sorted(page.evaluate(WATCH_LOG, 5)["frames"])
    with Workspace.open() as workspace:
        script = Path(workspace.settings.home).parent / "work" / "talk.py"
        workspace.services.deploy("talker", [], InferenceConfig(entry_script=str(script)))
    command(page, "mooring:open-service", name="talker", tab="logs")
    page.wait_for_selector(".mooring-Line", timeout=60_000)
    page.wait_for_timeout(3000)
    meter = page.context.new_cdp_session(page)
    meter.send("Performance.enable")
    before = busy_s(meter)
    told = page.evaluate(WATCH_LOG, asked.seconds)
    busy = (busy_s(meter) - before) / asked.seconds
    waits, frames = sorted(told["waits"]), sorted(told["frames"])
    print(
        f"log line to screen at {asked.lines} lines/s: p50 {share(waits, 0.5):.0f} ms, p95 {share(waits, 0.95):.0f} ms, "
        f"{len(waits)} lines; frames p99 {share(frames, 0.99):.0f} ms, longest {frames[-1]:.0f} ms "
        f"(at rest p99 {share(rest, 0.99):.0f} ms, longest {rest[-1]:.0f} ms); page's thread {busy:.0%} busy, "
        f"limit {LINE_LIMIT_MS} ms  {verdict(share(waits, 0.95), LINE_LIMIT_MS)}"
    )


def bundle() -> None:
    built = Path(sys.prefix, "share/jupyter/labextensions/@mooring/jupyterlab")
    size = sum(
        path.stat().st_size for path in built.rglob("*") if path.is_file() and path.suffix != ".sha256"
    )
    print(
        f"bundle: {size / 1000:.0f} kB, limit {BUNDLE_LIMIT_KB} kB  {verdict(size / 1000, BUNDLE_LIMIT_KB)}"
    )


def verdict(value: float, limit: float) -> str:
    return "ok" if value <= limit else "TOO MUCH"


def busy_s(meter) -> float:
    """Seconds that the page's main thread has worked."""
    told = meter.send("Performance.getMetrics")["metrics"]
    return next(each["value"] for each in told if each["name"] == "TaskDuration")


def share(values: list[float], part: float) -> float:
    return values[min(len(values) - 1, int(len(values) * part))] if values else float("nan")


def tell(values: list[float]) -> str:
    return f"median {statistics.median(values):.0f} ms, worst of {len(values)} {max(values):.0f} ms"


def empty() -> None:
    from mooring.workspace import Workspace

    with Workspace.open() as workspace:
        for service in workspace.services.list():
            workspace.services.delete(service.name)


if __name__ == "__main__":
    print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    main()
