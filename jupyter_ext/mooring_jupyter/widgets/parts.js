// What all pages share. Every page is this file followed by its own.

/** An element: attributes that begin with "on" are listeners, true and false set and remove; text is never markup. */
function h(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name === "value" || name === "checked" || name === "disabled" || name === "hidden") node[name] = value;
    else if (value !== false && value !== null && value !== undefined) node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...present(children));
  return node;
}

/** Children without gaps, lists of lists taken apart. */
const present = (children) => children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false && child !== "");

/** Give a node new children. The focus is not lost: it goes to the control of the same name among them, or to the node. */
function fill(node, ...children) {
  const held = document.activeElement;
  const hasFocus = node !== held && node.contains(held);
  node.replaceChildren(...present(children));
  if (!hasFocus) return;
  const controls = [...node.querySelectorAll("button, input, select, textarea")];
  const next = controls.find((each) => each === held || nameOf(each) === nameOf(held));
  if (!next) node.tabIndex = -1;
  (next ?? node).focus();
}

const nameOf = (control) => control.getAttribute("aria-label") ?? (control.textContent || control.id);

let counted = 0;
const unique = (stem) => `m-${stem}-${Date.now().toString(36)}-${++counted}`;

const SLOW_MS = 1500;
const LOST_MS = 4000;
const PING_MS = 20000;

/** The line to the kernel: questions with answers, what it tells by itself, and whether anybody is there. */
function connect(model, el) {
  const waiting = new Map();
  const newest = new Map();
  const listeners = new Map();
  const isThere = (yes) => el.firstElementChild?.classList.toggle("m-lost", !yes);
  const hear = (message) => {
    isThere(true);
    if (message.told) (listeners.get(message.told) ?? []).forEach((listener) => listener(message));
    const open = waiting.get(message.heard ?? message.answer);
    if (!open) return;
    clearTimeout(open.timer);
    if (open.isLate) open.busy((open.isLate = false));
    if (message.heard) return;
    waiting.delete(message.answer);
    message.error ? open.reject(message.error) : open.resolve(message.value);
  };
  model.on("msg:custom", hear);
  const line = {
    ask(question, given = {}, busy = () => {}) {
      return new Promise((resolve, reject) => {
        const number = unique("q");
        const timer = setTimeout(() => {
          busy(true);
          const open = waiting.get(number);
          if (open) Object.assign(open, { isLate: true, timer: setTimeout(() => isThere(false), LOST_MS - SLOW_MS) });
        }, SLOW_MS);
        waiting.set(number, { resolve, reject, timer, busy });
        try {
          model.send({ ask: question, number, given });
        } catch (error) {
          clearTimeout(timer);
          waiting.delete(number);
          isThere(false);
          reject({ problem: "There is no kernel here.", remedy: "Open the notebook with a kernel and run the cell." });
        }
      });
    },
    /** The same, but an answer that comes when a newer question of this kind is under way is never heard. */
    askNewest(question, given = {}, busy = () => {}) {
      const mine = {};
      newest.set(question, mine);
      const ifNewest = (act) => (told) => newest.get(question) === mine && act(told);
      return new Promise((resolve, reject) => line.ask(question, given, ifNewest(busy)).then(ifNewest(resolve), ifNewest(reject)));
    },
    /** Whatever was asked of this kind is of no interest any more. */
    forget(question) {
      newest.delete(question);
    },
    on(what, listener) {
      listeners.set(what, [...(listeners.get(what) ?? []), listener]);
    },
    close() {
      clearInterval(pings);
      model.off("msg:custom", hear);
    },
  };
  // A kernel that was restarted says nothing: who looks at the page should know that it is old.
  const pings = setInterval(() => {
    if (!document.hidden && el.isConnected && el.getBoundingClientRect().height > 0) line.ask("ping").catch(() => {});
  }, PING_MS);
  return line;
}

const OWN_KEYS = new Set(["Enter", " ", "ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight", "Home", "End", "PageUp", "PageDown"]);

/** Keys that press a control or move in it are no commands for the notebook, which would take the focus elsewhere. */
function keepOwnKeys(event) {
  if (OWN_KEYS.has(event.key) && !event.ctrlKey && !event.metaKey && !event.altKey && !event.shiftKey) event.stopPropagation();
}

/** The frame of a widget; also says when its kernel does not answer. */
function frame(el, label) {
  const root = h("section", { class: "mooring", "aria-label": label, onkeydown: keepOwnKeys });
  const gone = h("p", { class: "m-gone", role: "status" }, "The kernel is busy, or was restarted since, so what is shown may be old. After a restart run the cell again.");
  fill(el, h("div", { class: "m-frame" }, gone, root));
  return root;
}

const DOTS = { Healthy: "●", Transitioning: "◌", Failed: "✕" };
const stateMark = (state) =>
  h("span", { class: `m-state m-${(state || "unknown").toLowerCase()}` }, h("span", { "aria-hidden": "true" }, DOTS[state] ?? "▲"), ` ${state}`);

function button(text, onclick, more = {}) {
  const control = h("button", { type: "button", class: `m-button ${more.kind ?? ""}`, onclick: press, ...(more.attributes ?? {}) }, text);
  function press() {
    if (control.getAttribute("aria-disabled") !== "true") onclick();
  }
  return control;
}

/** Whether a button can be pressed; one that has the focus keeps it, as it would not with `disabled`. */
function allow(control, yes) {
  control.setAttribute("aria-disabled", String(!yes));
}

/** A button that copies; the text is asked for when it is pressed. */
function copyButton(text, label = "Copy") {
  const status = h("span", { class: "m-hidden", role: "status" });
  const control = button(label, async () => {
    await navigator.clipboard.writeText(text()).catch(() => fallbackCopy(text()));
    control.textContent = "Copied";
    status.textContent = "Copied";
    setTimeout(() => {
      control.textContent = label;
      status.textContent = "";
    }, 1500);
  });
  return h("span", {}, control, status);
}

function fallbackCopy(text) {
  const area = h("textarea", { class: "m-hidden" });
  area.value = text;
  document.body.append(area);
  area.select();
  document.execCommand("copy");
  area.remove();
}

/** Tabs as the ARIA practices have them: arrows move, only the chosen one is in the order of Tab. */
function tabs(label, entries, onShow = () => {}) {
  const list = h("div", { class: "m-tabs", role: "tablist", "aria-label": label });
  const panels = h("div", { class: "m-panels" });
  const made = entries.map(({ name, title, content }, at) => {
    const id = unique("tab");
    const tab = h("button", { type: "button", role: "tab", id, "aria-controls": `${id}-p`, onclick: () => show(at) }, title);
    const panel = h("div", { role: "tabpanel", id: `${id}-p`, "aria-labelledby": id, tabindex: "0" }, content);
    list.append(tab);
    panels.append(panel);
    return { name, tab, panel };
  });
  function show(at, focus = false) {
    made.forEach(({ tab, panel }, index) => {
      const chosen = index === at;
      tab.setAttribute("aria-selected", String(chosen));
      tab.tabIndex = chosen ? 0 : -1;
      panel.hidden = !chosen;
      if (chosen && focus) tab.focus();
    });
    onShow(made[at].name);
  }
  list.addEventListener("keydown", (event) => {
    const now = made.findIndex(({ tab }) => tab.getAttribute("aria-selected") === "true");
    const moves = { ArrowRight: now + 1, ArrowLeft: now - 1, Home: 0, End: made.length - 1 };
    if (!(event.key in moves)) return;
    event.preventDefault();
    event.stopPropagation();
    show((moves[event.key] + made.length) % made.length, true);
  });
  const node = h("div", {}, list, panels);
  node.show = (name) => show(made.findIndex((each) => each.name === name));
  show(0);
  return node;
}

/** Text in which `this` is code. */
const withCode = (text) => String(text).split("`").map((part, at) => (at % 2 ? h("code", {}, part) : part));

/** A labelled control. */
function labelled(text, control, help) {
  const id = control.id || (control.id = unique("f"));
  const about = help ? h("small", { id: `${id}-h`, class: "m-faint" }, withCode(help)) : null;
  if (about) control.setAttribute("aria-describedby", about.id);
  return h("div", { class: "m-field" }, h("label", { for: id }, text), control, about);
}

function choice(options, chosen, onchange = () => {}) {
  const node = h("select", { onchange: () => onchange(node.value) });
  node.append(...options.map((each) => h("option", { value: each.value ?? each }, each.title ?? each)));
  if (chosen !== undefined && chosen !== null) node.value = chosen;
  return node;
}

/** What went wrong, as every face says it. */
function trouble(error) {
  const failure = error.failure;
  const lines = failure ? [excerptOf(failure), ...(failure.evidence ?? [])].filter(Boolean) : [];
  return h(
    "div",
    { class: "m-trouble", role: "alert" },
    h("div", {}, h("b", {}, "✕ "), withCode(failure ? failure.cause : error.problem ?? String(error))),
    lines.length ? h("pre", { tabindex: "0" }, lines.join("\n")) : null,
    (failure?.remedy ?? error.remedy) ? h("div", {}, h("b", {}, "Fix "), withCode(failure?.remedy ?? error.remedy)) : null,
    failure?.kept ? h("div", {}, h("b", {}, "Kept "), failure.kept) : null,
    (failure?.code ?? error.code) ? h("div", { class: "m-faint" }, failure?.code ?? error.code) : null,
    error.findings?.length ? findingList(error.findings) : null,
  );
}

function excerptOf(failure) {
  const place = failure.excerpt;
  return place ? `${place.path}, line ${place.line}\n${place.line} │ ${place.text}` : "";
}

function findingList(findings) {
  const items = findings.map((each) =>
    h(
      "li",
      { class: `m-finding m-${each.severity}` },
      h("b", {}, each.severity),
      " ",
      h("code", {}, `${each.path ? `${each.path}:${each.line} · ` : ""}${each.code}`),
      ` ${each.problem} ${each.remedy}`,
    ),
  );
  return h("ul", { class: "m-findings" }, items);
}

/** Lines of phases as they happen. */
function phaseList() {
  const node = h("ol", { class: "m-phases", role: "log", "aria-label": "Progress" });
  let live = null;
  return {
    node,
    clear() {
      fill(node);
      live = null;
    },
    add(phase, text) {
      live?.remove();
      live = null;
      node.append(h("li", {}, h("b", {}, phase), h("span", {}, text)));
    },
    progress(phase, text) {
      if (!live) node.append((live = h("li", { class: "m-live" })));
      fill(live, h("b", {}, phase), h("span", {}, text));
    },
    done() {
      live?.remove();
      live = null;
    },
  };
}

/** Do something slow with a button: it can't be pressed twice, and what goes wrong is shown at `place`. */
async function during(control, place, work) {
  allow(control, false);
  control.setAttribute("aria-busy", "true");
  try {
    fill(place);
    return await work();
  } catch (error) {
    fill(place, trouble(error));
    return undefined;
  } finally {
    allow(control, true);
    control.removeAttribute("aria-busy");
  }
}

const busyNote = (place) => (busy) =>
  fill(place, ...(busy ? [h("p", { class: "m-faint", role: "status" }, "The kernel is busy; this waits for its turn.")] : []));

function clock(iso) {
  const time = new Date(iso);
  return Number.isNaN(time.getTime()) ? "" : time.toLocaleString(undefined, { dateStyle: "short", timeStyle: "medium" });
}

const milliseconds = (seconds) =>
  seconds === null || seconds === undefined ? "–" : seconds < 1 ? `${+(seconds * 1000).toPrecision(3)} ms` : `${+seconds.toPrecision(3)} s`;
