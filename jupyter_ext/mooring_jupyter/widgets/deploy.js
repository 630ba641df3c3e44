function render({ model, el }) {
  const line = connect(model, el);
  const root = frame(el, "Deploy a model");
  const { given } = model.get("facts");
  const phases = phaseList();
  const trouble_ = h("div", { "aria-live": "polite" });
  const plan = h("div", { "aria-live": "polite" });
  const child = h("div", { style: "margin-top:12px" });
  const files = h("datalist", { id: unique("files") });
  const name = h("input", { type: "text", value: given.name ?? "", placeholder: "nb", spellcheck: "false", autocomplete: "off" });
  const script = h("input", { type: "text", value: given.script ?? "", list: files.id, placeholder: "score.py", spellcheck: "false", autocomplete: "off" });
  const conda = h("input", { type: "text", list: files.id, placeholder: "the models' own packages", spellcheck: "false", autocomplete: "off" });
  const folder = h("input", { type: "text", placeholder: "only the script", spellcheck: "false", autocomplete: "off" });
  const overwrite = h("input", { type: "checkbox" });
  const place = choice(model.get("facts").places, model.get("facts").places[0]?.value, () => showFields());
  const pick = h("select", { onchange: () => (chosen = pick.value) });
  const settings = h("div", { class: "m-form" });
  let controls = [];

  /** What was chosen stays chosen, also when it was deleted meanwhile: another model must never take its place. */
  let chosen = (given.models ?? [])[0] ?? model.get("facts").models[0] ?? "";
  function showModels() {
    const { models, files: found } = model.get("facts");
    const gone = chosen && !models.includes(chosen) ? [h("option", { value: chosen }, `${chosen} (deleted)`)] : [];
    fill(pick, h("option", { value: "" }, "none"), ...gone, ...models.map((each) => h("option", { value: each }, each)));
    pick.value = chosen;
    fill(files, ...found.map((each) => h("option", { value: each })));
  }

  async function showFields() {
    const fields = await line.askNewest("fields", { compute_type: place.value }).catch((error) => {
      fill(settings, trouble(error));
    });
    if (!fields) return;
    controls = fields.map((each) => ({ name: each.name, control: control(each), field: each }));
    const shown = controls.map(({ control: node, field }) => labelled(words(field.name), node, field.doc));
    fill(settings, ...shown);
    settings.querySelectorAll("input, select, textarea").forEach((each) => each.addEventListener("change", () => foretell()));
    foretell();
  }
  const words = (text) => text.replaceAll("_", " ").replace(/^./, (first) => first.toUpperCase());
  function control(field) {
    const hint = field.default === null || field.default === undefined ? "" : String(field.default);
    if (field.kind === "boolean") return choice([{ value: "", title: hint ? `default (${hint === "true" ? "yes" : "no"})` : "default" }, { value: "true", title: "yes" }, { value: "false", title: "no" }], "");
    if (field.choices.length) return choice([{ value: "", title: "default" }, ...field.choices], "");
    if (field.kind === "texts") return h("textarea", { rows: "2", style: "min-height:3.5em", placeholder: "name=value, one a line" });
    const isNumber = field.kind === "number" || field.kind === "integer";
    return h("input", { type: isNumber ? "number" : "text", step: field.kind === "integer" ? "1" : "any", min: field.minimum, max: field.maximum, placeholder: hint });
  }
  const asked = () => ({
    name: name.value.trim(),
    models: pick.value ? [pick.value, ...(given.models ?? []).slice(1)] : [],
    script: script.value.trim(),
    conda: conda.value.trim(),
    folder: folder.value.trim(),
    compute_type: place.value,
    overwrite: overwrite.checked,
    settings: Object.fromEntries(controls.map(({ name: key, control: node }) => [key, node.value])),
  });

  let stops = false;
  async function foretell() {
    const request = asked();
    if (!request.name || !request.script) {
      line.forget("plan");
      return fill(plan, h("p", { class: "m-faint" }, "Name the service and the script to see what would happen."));
    }
    const found = await line.askNewest("plan", { given: request }, busyNote(plan)).catch((error) => ({ error }));
    stops = Boolean(found.stops);
    showWork();
    fill(plan, 
      found.error ? trouble(found.error) : h("p", {}, h("b", {}, found.stops ? "This would not start. " : "Plan "), found.line),
      ...(found.findings?.length ? [findingList(found.findings)] : []),
    );
  }
  [name, script, conda, folder, pick, overwrite].forEach((each) => each.addEventListener("change", foretell));

  line.on("phase", ({ phase, text }) => addStep({ phase, text }));
  line.on("progress", ({ phase, text }) => phases.progress(phase, text));
  const go = button(
    "Deploy",
    async () => {
      clearSteps();
      await during(go, trouble_, () => line.ask("deploy", { given: asked() }, busyNote(trouble_)));
      showWork();
    },
    { kind: "m-main" },
  );
  const cancel = button(
    "Cancel",
    async () => {
      allow(cancel, false);
      cancel.textContent = "Cancelling…";
      await line.ask("cancel").catch((error) => fill(trouble_, trouble(error)));
    },
    { attributes: { hidden: true } },
  );

  /** What a page that comes late reads may be told once more. */
  let steps = new Set();
  function addStep({ phase, text }) {
    const step = JSON.stringify([phase, text]);
    if (!steps.has(step)) phases.add(phase, text);
    steps.add(step);
  }
  function clearSteps() {
    steps = new Set();
    phases.clear();
  }
  async function catchUp() {
    const { job } = model.get("facts");
    if (job) (await line.ask("progress").catch(() => [])).forEach(addStep);
  }

  /** Whether something is being done, and how the last thing ended: every page of this widget shows the same. */
  let shownEnd = "";
  function showWork() {
    const { job, outcome } = model.get("facts");
    cancel.hidden = !job;
    allow(go, !stops && !job);
    if (job) return;
    allow(cancel, true);
    cancel.textContent = "Cancel";
    phases.done();
    if (!outcome || outcome.job === shownEnd) return;
    shownEnd = outcome.job;
    if (outcome.status === "done") fill(trouble_, h("p", { role: "status", class: "m-healthy" }, `● Healthy at ${outcome.uri}`));
    else if (outcome.status === "cancelled") fill(trouble_, h("p", { role: "status" }, "Cancelled; what it began was undone."));
    else fill(trouble_, trouble(outcome.error));
  }

  fill(root, 
    h("h3", {}, "Deploy a model"),
    h(
      "div",
      { class: "m-form" },
      labelled("Service", name, "2 to 32 lower-case letters, digits and dashes."),
      labelled("Model", pick),
      labelled("Entry script or inference config", script),
      labelled("Conda file", conda),
      labelled("Where", place),
      h("div", { class: "m-field" }, h("div", { class: "m-check" }, overwrite, h("label", { for: (overwrite.id = unique("f")) }, "Replace a service of that name")), h("small", { class: "m-faint" }, "URL and keys stay.")),
    ),
    h("details", { class: "m-fold" }, h("summary", {}, "Size, authentication and other settings"), labelled("Source folder", folder, "Shipped whole."), settings),
    files,
    plan,
    h("div", { class: "m-row" }, go, cancel, button("Check", () => foretell())),
    phases.node,
    trouble_,
    child,
  );

  async function showService() {
    const reference = model.get("service");
    if (!reference) return fill(child);
    const manager = model.widget_manager;
    const inner = await manager.get_model(String(reference).replace("IPY_MODEL_", ""));
    const view = await manager.create_view(inner);
    fill(child, view.el);
  }
  const follow = () => {
    showModels();
    showWork();
  };
  model.on("change:facts", follow);
  model.on("change:service", showService);
  follow();
  catchUp();
  showFields();
  showService();
  line.ask("look").catch(() => {});
  return () => {
    line.close();
    model.off("change:facts", follow);
    model.off("change:service", showService);
  };
}
export default { render };
