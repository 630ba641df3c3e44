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
        button("Update", () => openUpdate(), { attributes: { disabled: isBusy } }),
        button("Roll back", () => confirmAct("Serve the revision before again?", "Roll back", "rollback"), {
          attributes: { disabled: isBusy || (service?.revision ?? 0) < 2 },
        }),
        button("Delete", () => confirmAct(`Stop ${name} and forget it? Its models stay registered.`, "Delete", "delete", "m-danger"), {
          kind: "m-danger",
          attributes: { disabled: isBusy },
        }),
      );
    }
    fill(head, 
      h("h3", {}, name),
      gone ? h("span", { class: "m-state m-unknown" }, "▲ not there") : stateMark(service.state),
      h("span", { class: "m-faint" }, gone ? gone : [service.computeType.toLowerCase(), ...(service.modelIds ?? [])].join(" · ")),
      doing ? h("span", { class: "m-faint", role: "status" }, doing) : null,
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
        const told = await line.ask("plan", { models: chosen() }).catch((error) => error);
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
    const told = await line.ask("details").catch(() => null);
    const known = told ?? readFacts().service;
    if (!known) return;
    const { service } = readFacts();
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
    return service;
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
  const history = h("div", { class: "m-scroll" });
  async function showHistory() {
    const events = (await line.ask("history").catch(() => [])) ?? [];
    const rows = events.reverse().map((each) => h("tr", {}, h("td", {}, clock(each.time)), h("td", {}, each.phase), h("td", {}, each.text)));
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
  const values = samples.map((each) => each.perSecond ?? 0);
  const times = samples.map((each) => (each.p99 ?? 0) * 1000);
  const draw = (row) => {
    const top = Math.max(...row, 0.001);
    return row.map((value, at) => `${((at / Math.max(row.length - 1, 1)) * 300).toFixed(1)},${(58 - (value / top) * 54).toFixed(1)}`).join(" ");
  };
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("class", "m-chart");
  svg.setAttribute("viewBox", "0 0 300 60");
  svg.setAttribute("preserveAspectRatio", "none");
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", `Requests a second, up to ${Math.max(...values, 0)}; 99 % of times, up to ${Math.max(...times, 0).toPrecision(3)} ms; the last ${samples.length} samples.`);
  for (const [row, name] of [[values, ""], [times, "m-second"]]) {
    const path = document.createElementNS("http://www.w3.org/2000/svg", "polyline");
    path.setAttribute("points", draw(row));
    if (name) path.setAttribute("class", name);
    svg.append(path);
  }
  return h("figure", { style: "margin:0" }, svg, h("figcaption", { class: "m-faint" }, "solid: requests a second · dashed: p99"));
}

const PLACE = /File "([^"]+)", line (\d+)/;
const MOST_SHOWN = 2000;

function logView(line) {
  const lines = [];
  const list = h("div", { class: "m-log", role: "log", "aria-label": "Log", tabindex: "0" });
  const count = h("span", { class: "m-faint", role: "status" });
  const search = h("input", { type: "search", placeholder: "Search", "aria-label": "Search the log", oninput: () => redraw() });
  let paused = false;
  let isOpen = false;
  let missed = 0;
  const pause = button("Pause", () => {
    paused = !paused;
    pause.textContent = paused ? "Follow" : "Pause";
    if (!paused) {
      missed = 0;
      redraw();
    }
    tell();
  });
  const tell = () => (count.textContent = paused && missed ? `${missed} new lines` : search.value ? `${list.childElementCount} of ${lines.length} lines` : "");

  function row(entry) {
    const kind = entry.kind === "failure" ? "m-failure" : entry.phase ? "m-event" : "";
    const node = h("div", { class: kind });
    const text = entry.phase ? `${entry.phase.padEnd(12)} ${entry.text}` : entry.text;
    const place = PLACE.exec(text);
    if (!place) {
      mark(node, text);
      return node;
    }
    const [whole, path, number] = place;
    const from = text.indexOf(whole);
    mark(node, text.slice(0, from));
    node.append(h("button", { type: "button", class: "m-place", onclick: () => openSource(node, path, Number(number)) }, whole));
    mark(node, text.slice(from + whole.length));
    return node;
  }
  function mark(node, text) {
    const wanted = search.value;
    let rest = text;
    while (wanted) {
      const at = rest.toLowerCase().indexOf(wanted.toLowerCase());
      if (at < 0) break;
      node.append(rest.slice(0, at), h("mark", {}, rest.slice(at, at + wanted.length)));
      rest = rest.slice(at + wanted.length);
    }
    node.append(rest);
  }
  async function openSource(node, path, number) {
    const next = node.nextSibling;
    if (next?.classList?.contains("m-inline")) return next.remove();
    const place = h("div", { class: "m-inline" });
    node.after(place);
    try {
      const found = await line.ask("source", { path, line: number });
      place.append(
        h("div", { class: "m-faint" }, found.path),
        ...found.lines.map((text, at) => h("div", { class: found.first + at === found.line ? "m-here" : "" }, `${String(found.first + at).padStart(4)} │ ${text}`)),
      );
    } catch (error) {
      place.append(h("div", { class: "m-faint" }, error.problem ?? String(error)));
    }
  }
  const matches = (entry) => !search.value || `${entry.phase} ${entry.text}`.toLowerCase().includes(search.value.toLowerCase());
  function redraw() {
    fill(list, ...lines.filter(matches).slice(-MOST_SHOWN).map(row));
    list.scrollTop = list.scrollHeight;
    tell();
  }
  function add(entries) {
    lines.push(...entries);
    if (lines.length > MOST_SHOWN) lines.splice(0, lines.length - MOST_SHOWN);
    if (paused) {
      missed += entries.length;
      return tell();
    }
    list.append(...entries.filter(matches).map(row));
    while (list.childElementCount > MOST_SHOWN) list.firstChild.remove();
    list.scrollTop = list.scrollHeight;
    tell();
  }
  line.on("log", ({ lines: entries }) => isOpen && add(entries));
  const start = button("Last start", async () => {
    const found = await line.ask("last_start").catch(() => []);
    paused = true;
    pause.textContent = "Follow";
    fill(list, ...found.map(row));
  });
  return {
    node: h("div", {}, h("div", { class: "m-row m-log-tools", style: "margin-bottom:6px" }, search, pause, start, count), list),
    open() {
      if (isOpen) return;
      isOpen = true;
      lines.length = 0;
      fill(list);
      line.ask("watch", { what: "log", is_on: true }).catch(() => {});
    },
    close() {
      if (isOpen) line.ask("watch", { what: "log", is_on: false }).catch(() => {});
      isOpen = false;
    },
  };
}

function consumeView(line) {
  const node = h("div", {});
  return {
    node,
    async open() {
      const snippets = await line.ask("snippets").catch(() => null);
      if (!snippets) return;
      const pages = snippets.map((each) => ({
        name: each.language,
        title: each.title,
        content: [h("div", { class: "m-row" }, h("span", { class: "m-faint" }, each.fileName), copyButton(() => each.text)), h("pre", { tabindex: "0", "aria-label": `${each.title} program` }, each.text)],
      }));
      fill(node, tabs("Language", pages));
    },
  };
}

function testView(line) {
  const node = h("div", {});
  const answer = h("div", { class: "m-answer", "aria-live": "polite" });
  const place = h("div", {});
  let form = null;
  let fields = [];
  let raw = null;
  let asText = false;

  function field(each) {
    if (each.kind === "rows") return rowsField(each);
    if (each.kind === "json") {
      const area = h("textarea", { spellcheck: "false" });
      area.value = JSON.stringify(each.example, null, 1) ?? "";
      return { name: each.name, node: labelled(each.name || "Body, as JSON", area), read: () => JSON.parse(area.value || "null") };
    }
    if (each.kind === "boolean") {
      const box = h("input", { type: "checkbox", checked: Boolean(each.example) });
      return { name: each.name, node: labelled(each.name, box), read: () => box.checked };
    }
    const input = h("input", { type: each.kind === "text" ? "text" : "number", step: each.kind === "integer" ? "1" : "any", value: each.example ?? "" });
    return { name: each.name, node: labelled(each.name || "Body", input), read: () => (each.kind === "text" ? input.value : Number(input.value)) };
  }

  function rowsField(each) {
    const examples = each.is_flat ? [each.example] : each.example;
    const body = h("tbody", {});
    const cell = (column, value, at) => {
      const name = `${column.name}, row ${at}`;
      if (column.kind === "boolean") return h("input", { type: "checkbox", checked: Boolean(value), "aria-label": name });
      return h("input", { type: column.kind === "text" ? "text" : "number", step: column.kind === "integer" ? "1" : "any", value: value ?? "", "aria-label": name });
    };
    const add = (values) => {
      const at = body.childElementCount + 1;
      const remove = each.is_flat ? null : h("td", {}, button("✕", () => line_.remove(), { attributes: { "aria-label": `Remove row ${at}` } }));
      const line_ = h("tr", {}, each.columns.map((column, index) => h("td", {}, cell(column, values[index], at))), remove);
      body.append(line_);
    };
    const valuesOf = (row) => each.columns.map((column, at) => (each.rows_are_objects ? row[column.name] : row[at]));
    examples.slice(0, 20).forEach((row) => add(valuesOf(row)));
    const read = () =>
      [...body.rows].map((row) =>
        [...row.querySelectorAll("input")].map((input, at) => {
          const { kind } = each.columns[at];
          if (kind === "boolean") return input.checked;
          if (kind === "text") return input.value;
          return input.value === "" ? null : Number(input.value);
        }),
      );
    const table = h("table", { class: "m-cells" }, h("thead", {}, h("tr", {}, each.columns.map((column) => h("th", { scope: "col" }, column.name)), each.is_flat ? null : h("th", {}, h("span", { class: "m-hidden" }, "Remove")))), body);
    const more = each.is_flat ? null : button("Add a row", () => add(valuesOf(examples[0])));
    return { name: each.name, node: h("div", { role: "group", "aria-label": each.name || "Rows" }, h("h4", {}, each.name || "Rows"), h("div", { class: "m-scroll", tabindex: "0" }, table), more), read };
  }

  async function send(control) {
    const given = await during(control, answer, async () => {
      const request = asText ? { body: raw.value } : { values: Object.fromEntries(fields.map((each) => [each.name, each.read()])) };
      return line.ask("test", request, busyNote(place));
    });
    if (!given) return;
    const isGood = given.status === 200;
    fill(answer, 
      h("div", { class: "m-row" }, h("b", { class: isGood ? "m-healthy" : "m-failed" }, `${isGood ? "✓" : "✕"} ${given.status}`), h("span", { class: "m-faint" }, milliseconds(given.seconds))),
      h("pre", { tabindex: "0", "aria-label": "Answer" }, typeof given.body === "string" ? given.body : JSON.stringify(given.body, null, 1)),
    );
  }

  function draw() {
    const send_ = button("Send", () => send(send_), { kind: "m-main" });
    const swap = button(asText ? "Form" : "Raw JSON", () => {
      if (!asText) {
        try {
          const values = Object.fromEntries(fields.map((each) => [each.name, each.read()]));
          raw.value = JSON.stringify(composeBody(form, values), null, 1);
        } catch {
          raw.value = JSON.stringify(form.sample, null, 1);
        }
      }
      asText = !asText;
      draw();
    });
    const source = { model: "Sample: registered with the model.", schema: "Sample: from the service's own description.", none: "Nothing is known about its requests: register the model with a sample." }[form.source];
    fill(node, 
      h("p", { class: "m-faint" }, source),
      asText ? labelled("Request body", raw) : h("div", { class: "m-form-rows" }, fields.map((each) => each.node)),
      h("div", { class: "m-row", style: "margin-top:10px" }, send_, swap),
      place,
      answer,
    );
  }
  return {
    node,
    async open() {
      if (form) return;
      form = await line.ask("form").catch((error) => {
        fill(node, trouble(error));
        return null;
      });
      if (!form) return;
      fields = form.fields.map(field);
      raw = h("textarea", { spellcheck: "false" });
      raw.value = JSON.stringify(form.sample, null, 1) ?? "";
      draw();
    },
  };
}

/** What the form means, for showing it as text only: what is sent is composed in the kernel. */
function composeBody(form, values) {
  const body = {};
  for (const each of form.fields) {
    let value = values[each.name];
    if (each.kind === "rows") {
      value = value.map((row) => (each.rows_are_objects ? Object.fromEntries(each.columns.map((column, at) => [column.name, row[at]])) : row));
      if (each.is_flat) value = value[0];
    }
    if (each.name === "") return value;
    body[each.name] = value;
  }
  return body;
}
