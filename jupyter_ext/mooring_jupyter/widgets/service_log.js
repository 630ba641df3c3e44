// The log of a service: followed, paused, searched; a traceback's place opens its lines.

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
    line.forget("last_start");
    pause.textContent = paused ? "Follow" : "Pause";
    if (!paused) {
      missed = 0;
      redraw();
    }
    tell();
  });
  const tell = () => (count.textContent = paused && missed ? `${missed} new ${missed === 1 ? "line" : "lines"}` : search.value ? `${list.childElementCount} of ${lines.length} lines` : "");

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
    paused = true;
    pause.textContent = "Follow";
    const found = await line.askNewest("last_start").catch((error) => fill(list, trouble(error)));
    if (found) fill(list, ...(found.length ? found.map(row) : [h("div", { class: "m-faint" }, "The last start wrote nothing.")]));
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
