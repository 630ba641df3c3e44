// One service. `line` asks the kernel, `facts` are what it said last.

function servicePage(root, line, readFacts) {
  const head = h("div", { class: "m-row" });
  const note = h("div", { "aria-live": "polite" });
  const act = h("div", {});
  const phases = phaseList();
  const closers = [];
  let looked = "";

  // ---- head ------------------------------------------------------------------------------------------------------
  function showHead() {
    const { name, service, gone } = readFacts();
    const isBusy = Boolean(service?.operation);
    const doing = service?.operation ? `${service.operation.kind}: ${service.phase?.phase ?? ""} ${service.phase?.text ?? ""}` : "";
    const end = h("div", { class: "m-end" });
    if (!gone) {
      end.append(
        button("Update", () => openUpdate(), { attributes: { "aria-disabled": String(isBusy) } }),
        button("Roll back", () => confirmAct("Serve the revision before again?", "Roll back", "rollback"), {
          attributes: { "aria-disabled": String(isBusy || (service?.revision ?? 0) < 2) },
        }),
        button("Delete", () => confirmAct(`Stop ${name} and forget it? Its models stay registered.`, "Delete", "delete", "m-danger"), {
          kind: "m-danger",
          attributes: { "aria-disabled": String(isBusy) },
        }),
      );
    }
    fill(head, 
      h("h3", {}, name),
      gone ? h("span", { class: "m-state m-unknown" }, h("span", { "aria-hidden": "true" }, "▲"), " not there") : stateMark(service.state),
      h("span", { class: "m-faint" }, gone ? gone : [service.computeType.toLowerCase(), ...(service.modelIds ?? [])].join(" · ")),
      doing && !gone ? h("span", { class: "m-faint", role: "status" }, doing) : null,
      service?.editedSince && !gone ? h("span", { class: "m-unhealthy" }, "script edited since") : null,
      end,
    );
    fill(note, ...(service?.error && !gone ? [trouble({ failure: service.error })] : []));
  }

  // ---- changing --------------------------------------------------------------------------------------------------
  function confirmAct(question, word, what, kind = "m-main") {
    const go = button(word, () => run(go, what, {}), { kind });
    const cancel = button("Cancel", () => fill(act));
    fill(act, h("div", { class: "m-act", role: "group", "aria-label": word }, h("p", {}, question), h("div", { class: "m-row" }, go, cancel), phases.node));
    phases.clear();
    go.focus();
  }

  async function run(control, what, given) {
    phases.clear();
    const place = h("div", {});
    act.firstChild?.append(place);
    const done = await during(control, place, async () => {
      await line.ask(what, given, busyNote(place));
      return true;
    });
    phases.done();
    if (done) fill(act, h("p", { role: "status" }, what === "delete" ? "Deleted." : "Done."));
  }

  async function openUpdate() {
    const place = h("div", {});
    fill(act, place);
    const box = await during({ removeAttribute() {}, setAttribute() {} }, place, async () => {
      const models = await line.ask("models", {}, busyNote(place));
      const now = readFacts().service.modelIds;
      const pick = models.length ? choice(models, now[0]) : null;
      const plan = h("p", { class: "m-faint", role: "status" }, "…");
      const chosen = () => (pick ? [pick.value, ...now.slice(1)] : null);
      const foretell = async () => {
        plan.textContent = "…";
        const told = await line.askNewest("plan", { models: chosen() }).catch((error) => error);
        fill(plan, told.line ?? trouble(told));
      };
      pick?.addEventListener("change", foretell);
      foretell();
      const go = button("Update", () => run(go, "update", { models: chosen() }), { kind: "m-main" });
      return h(
        "div",
        { class: "m-act", role: "group", "aria-label": "Update" },
        pick ? labelled("Model", pick, "The script as it is on disk now is taken, too.") : null,
        plan,
        h("div", { class: "m-row" }, go, button("Cancel", () => fill(act))),
        phases.node,
      );
    });
    phases.clear();
    if (box) {
      fill(act, box);
      box.querySelector("select, button")?.focus();
    }
  }
  line.on("phase", ({ phase, text }) => phases.add(phase, text));
  line.on("progress", ({ phase, text }) => phases.progress(phase, text));

  // ---- details ---------------------------------------------------------------------------------------------------
  const numbers = h("div", {});
  const facts = h("div", {});
  const samples = [];
  function showNumbers() {
    const last = samples[samples.length - 1];
    if (!last) return fill(numbers);
    const cell = (name, value) => h("span", { class: "m-faint" }, name, h("b", {}, value));
    fill(numbers, 
      h("div", { class: "m-numbers" }, cell("requests", String(last.count)), cell("failed", String(last.failed)), cell("a second", last.perSecond === null ? "–" : String(last.perSecond)),
        cell("p50 at most", milliseconds(last.p50 ?? last.p50AtMostSeconds)), cell("p99 at most", milliseconds(last.p99 ?? last.p99AtMostSeconds))),
      chart(samples),
    );
  }
  line.on("numbers", ({ sample }) => {
    samples.push(sample);
    if (samples.length > 60) samples.shift();
    showNumbers();
  });
  const keyBox = h("div", { style: "margin-top:10px" }, keys());
  async function showDetails() {
    if (readFacts().gone) return;
    const known = await line.askNewest("details").catch((error) => fill(facts, trouble(error)));
    if (!known) return;
    const auth = known.tokenAuthEnabled ? "token" : known.authEnabled ? "key" : "off";
    const rows = {
      Address: known.scoringUri ? h("span", {}, h("code", {}, known.scoringUri), " ", copyButton(() => known.scoringUri)) : null,
      Models: (known.modelIds ?? []).join(", "),
      Script: known.script,
      Environment: known.environment,
      "Runs in": `${known.target ?? known.computeType}`,
      Replicas: replicas(known.place),
      Authentication: auth,
      Revision: known.revision,
      Description: known.description,
      Tags: pairs(known.tags),
      Properties: pairs(known.properties),
      Created: `${clock(known.createdTime)} by ${known.createdBy}`,
      Updated: clock(known.updatedTime),
    };
    fill(facts, 
      h("dl", { class: "m-facts" }, Object.entries(rows).filter(([, value]) => value).map(([name, value]) => [h("dt", {}, name), h("dd", {}, value)])),
      auth === "key" ? keyBox : "",
    );
  }
  const pairs = (given) => Object.entries(given ?? {}).map(([key, value]) => `${key}=${value}`).join(", ");
  function replicas(place) {
    const workers = place?.workers ?? place?.replicas ?? place?.pods;
    if (Array.isArray(workers)) return `${workers.length}${place.restarts ? `, ${place.restarts} restarts` : ""}`;
    return workers === undefined ? null : typeof workers === "object" ? JSON.stringify(workers) : String(workers);
  }

  /** Keys are fetched when asked for, and taken away again after a minute. */
  function keys() {
    const place = h("div", { "aria-live": "polite" });
    let timer = null;
    const hide = () => {
      clearTimeout(timer);
      fill(place);
      control.textContent = "Show keys";
    };
    const control = button("Show keys", async () => {
      if (place.firstChild) return hide();
      const found = await during(control, place, () => line.ask("keys"));
      if (!found) return;
      fill(place, 
        h("dl", { class: "m-facts" }, Object.entries(found).map(([name, value]) => [h("dt", {}, name), h("dd", {}, h("code", {}, value), " ", copyButton(() => value))])),
      );
      control.textContent = "Hide keys";
      timer = setTimeout(hide, 60000);
    });
    closers.push(hide);
    return h("div", {}, control, place);
  }

  // ---- log -------------------------------------------------------------------------------------------------------
  const log = logView(line);

  // ---- history ---------------------------------------------------------------------------------------------------
  const history = h("div", { class: "m-scroll", tabindex: "0", role: "region", "aria-label": "History of the service" });
  async function showHistory() {
    const events = await line.askNewest("history").catch((error) => fill(history, trouble(error)));
    if (!events) return;
    const rows = events.reverse().map((each) => h("tr", {}, h("td", { class: "m-whole" }, clock(each.time)), h("td", { class: "m-whole" }, each.phase), h("td", {}, each.text)));
    fill(history, h("table", {}, h("thead", {}, h("tr", {}, ["When", "What", ""].map((text) => h("th", { scope: "col" }, text)))), h("tbody", {}, rows)));
  }

  const shown = {
    details: () => showDetails(),
    log: () => log.open(),
    test: () => test.open(),
    consume: () => consume.open(),
    history: () => showHistory(),
  };
  const test = testView(line);
  const consume = consumeView(line);
  let current = "";
  function onShow(name) {
    if (current === "log" && name !== "log") log.close();
    if ((name === "details") !== (current === "details")) line.ask("watch", { what: "numbers", is_on: name === "details" && isSeen }).catch(() => {});
    current = name;
    shown[name]();
  }
  const page = h("div", {});
  fill(root, head, note, act, page);
  let isSeen = true;
  showHead();
  const pages = tabs(
    "Service",
    [
      { name: "details", title: "Details", content: [numbers, facts] },
      { name: "log", title: "Logs", content: log.node },
      { name: "test", title: "Test", content: test.node },
      { name: "consume", title: "Consume", content: consume.node },
      { name: "history", title: "History", content: history },
    ],
    onShow,
  );
  page.append(pages);

  // What nobody sees is not asked for.
  const see = (now) => {
    if (now === isSeen) return;
    isSeen = now;
    if (current === "details") line.ask("watch", { what: "numbers", is_on: now }).catch(() => {});
    if (current === "log") now ? log.open() : log.close();
  };
  const observer = new IntersectionObserver((entries) => see(entries.at(-1).isIntersecting && !document.hidden));
  observer.observe(root);
  const onHidden = () => see(!document.hidden && root.getBoundingClientRect().height > 0);
  document.addEventListener("visibilitychange", onHidden);
  line.ask("look").catch(() => {});

  return {
    changed() {
      const { service, gone } = readFacts();
      showHead();
      const key = JSON.stringify([service?.revision, service?.state, service?.updatedTime, gone]);
      if (key !== looked && looked && !gone) shown[current === "log" ? "details" : current]?.();
      looked = key;
      page.hidden = Boolean(gone) && !service;
    },
    close() {
      observer.disconnect();
      document.removeEventListener("visibilitychange", onHidden);
      closers.forEach((close) => close());
      line.ask("watch", { what: "numbers", is_on: false }).catch(() => {});
      log.close();
    },
  };
}

function chart(samples) {
  const rates = samples.filter((each) => each.perSecond !== null);
  if (rates.length < 2) return h("p", { class: "m-faint" }, "The chart begins with the next numbers.");
  const values = rates.map((each) => each.perSecond);
  const times = rates.map((each) => each.p99 ?? 0);
  const draw = (row) => {
    const top = Math.max(...row, 0.001);
    return row.map((value, at) => `${((at / Math.max(row.length - 1, 1)) * 300).toFixed(1)},${(58 - (value / top) * 54).toFixed(1)}`).join(" ");
  };
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("class", "m-chart");
  svg.setAttribute("viewBox", "0 0 300 60");
  svg.setAttribute("preserveAspectRatio", "none");
  svg.setAttribute("role", "img");
  const [mostRequests, longest] = [String(Math.max(...values)), milliseconds(Math.max(...times))];
  svg.setAttribute("aria-label", `Requests a second, up to ${mostRequests}; p99, up to ${longest}; the last ${rates.length} samples.`);
  for (const [row, name] of [[values, ""], [times, "m-second"]]) {
    const path = document.createElementNS("http://www.w3.org/2000/svg", "polyline");
    path.setAttribute("points", draw(row));
    if (name) path.setAttribute("class", name);
    svg.append(path);
  }
  return h("figure", { style: "margin:0" }, svg, h("figcaption", { class: "m-faint" }, `solid: requests a second, up to ${mostRequests} · dashed: p99, up to ${longest}`));
}
