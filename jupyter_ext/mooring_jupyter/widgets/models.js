const MOST_ROWS = 200;

function render({ model, el }) {
  const line = connect(model, el);
  const root = frame(el, "Models");
  const search = h("input", { type: "search", placeholder: "Name, framework or tag", "aria-label": "Search models", oninput: () => draw() });
  const latest = h("input", { type: "checkbox", id: unique("latest"), onchange: () => draw() });
  const body = h("tbody", {});
  const count = h("span", { class: "m-faint", role: "status" });
  const detail = h("div", { "aria-live": "polite" });
  const child = h("div", { style: "margin-top:12px" });
  const heads = ["Model", "Framework", "Size", "Registered", "Tags"].map((text) => h("th", { scope: "col" }, text));
  const table = h("table", {}, h("thead", {}, h("tr", {}, heads)), body);
  const empty = h("p", { class: "m-faint" }, "No models yet. Register one: ", h("code", {}, "%mooring register model -n diabetes"));

  function draw() {
    const { models } = model.get("facts");
    const wanted = search.value.toLowerCase();
    const newest = new Map();
    models.forEach((each) => newest.set(each.name, Math.max(newest.get(each.name) ?? 0, each.version)));
    const found = models.filter(
      (each) => (!latest.checked || newest.get(each.name) === each.version) && `${each.id} ${each.framework} ${each.tags}`.toLowerCase().includes(wanted),
    );
    fill(body, 
      ...found.slice(0, MOST_ROWS).map((each) =>
        h(
          "tr",
          {},
          h("td", {}, h("button", { type: "button", class: "m-place", onclick: () => open(each.id) }, each.id)),
          h("td", {}, each.framework),
          [each.size, clock(each.created)].map((text) => h("td", { class: "m-whole" }, text)),
          h("td", {}, each.tags),
        ),
      ),
    );
    empty.hidden = models.length > 0;
    table.hidden = models.length === 0;
    count.textContent = found.length === models.length ? `${models.length}` : `${found.length} of ${models.length}`;
    if (found.length > MOST_ROWS) count.textContent += `, the first ${MOST_ROWS} shown`;
  }

  async function open(id) {
    const place = h("div", {});
    const found = await line.askNewest("show", { model: id }, busyNote(detail)).catch((error) => fill(detail, trouble(error)));
    if (!found) return;
    const rows = {
      Framework: [found.framework, found.frameworkVersion].filter(Boolean).join(" "),
      Description: found.description,
      Tags: Object.entries(found.tags ?? {}).map(([key, value]) => `${key}=${value}`).join(", "),
      Digest: found.digest,
      "Used by": found.users.join(", "),
      Sample: found.sampleInput ? JSON.stringify(found.sampleInput).slice(0, 400) : "",
    };
    const tag = h("input", { type: "text", placeholder: "key=value", "aria-label": `Tag for ${id}`, style: "width:12em" });
    const act = (control, what, given) => during(control, place, async () => (await line.ask(what, given), true));
    const deploy = button("Deploy this model", () => act(deploy, "deploy", { model: id }), { kind: "m-main" });
    const addTag = button("Add tag", async () => (await act(addTag, "tag", { model: id, add: tag.value })) && open(id));
    const remove = button("Delete", () => confirm(), { kind: "m-danger" });
    function confirm() {
      const yes = button("Delete", async () => (await act(yes, "delete", { model: id })) && (line.forget("show"), fill(detail, h("p", { role: "status" }, `Deleted ${id}.`))), { kind: "m-danger" });
      fill(place, h("div", { class: "m-row", role: "group", "aria-label": `Delete ${id}` }, `Delete ${id}?`, yes, button("Cancel", () => fill(place))));
      yes.focus();
    }
    fill(detail, 
      h("h4", {}, id),
      h("dl", { class: "m-facts" }, Object.entries(rows).filter(([, value]) => value).map(([name, value]) => [h("dt", {}, name), h("dd", {}, value)])),
      h("div", { class: "m-row" }, deploy, tag, addTag, h("span", { class: "m-end" }, remove)),
      place,
    );
  }
  async function showForm() {
    const reference = model.get("form");
    if (!reference) return fill(child);
    const manager = model.widget_manager;
    const inner = await manager.get_model(String(reference).replace("IPY_MODEL_", ""));
    fill(child, (await manager.create_view(inner)).el);
  }
  fill(root, 
    h("div", { class: "m-row" }, h("h3", {}, "Models"), count, h("span", { class: "m-end m-row" }, search, h("span", { class: "m-row" }, latest, h("label", { for: latest.id }, "newest only")))),
    empty,
    h("div", { class: "m-scroll", style: "max-height:24em;overflow:auto", tabindex: "0", role: "region", "aria-label": "List of models" }, table),
    detail,
    child,
  );
  model.on("change:facts", draw);
  model.on("change:form", showForm);
  draw();
  showForm();
  line.ask("look").catch(() => {});
  return () => {
    line.close();
    model.off("change:facts", draw);
    model.off("change:form", showForm);
  };
}
export default { render };
