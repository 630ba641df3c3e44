function render({ model, el }) {
  const line = connect(model, el);
  const root = frame(el, "Register a model");
  const { given } = model.get("facts");
  const known = h("datalist", { id: unique("models") });
  const what = h("input", { type: "text", value: given.what ?? "", list: known.id, placeholder: "model, or ridge.pkl", spellcheck: "false", autocomplete: "off" });
  const name = h("input", { type: "text", value: given.name ?? "", placeholder: "the variable's or the file's", spellcheck: "false", autocomplete: "off" });
  const sample = h("input", { type: "text", placeholder: "taken from the training data", spellcheck: "false", autocomplete: "off" });
  const tags = h("input", { type: "text", placeholder: "area=health, stage=test", spellcheck: "false", autocomplete: "off" });
  const description = h("input", { type: "text", autocomplete: "off" });
  const place = h("div", { "aria-live": "polite" });
  const go = button(
    "Register",
    async () => {
      const request = { what: what.value, name: name.value, sample: sample.value, tags: tags.value, description: description.value };
      const done = await during(go, place, () => line.ask("register", { given: request }, busyNote(place)));
      if (done) show(done);
    },
    { kind: "m-main" },
  );
  function show(done) {
    if (!done) return;
    const facts = [done.framework && `${done.framework} ${done.frameworkVersion ?? ""}`, done.sampleInput ? "with a sample" : "without a sample"].filter(Boolean).join(" · ");
    fill(place, 
      h("p", { role: "status" }, h("span", { class: "m-healthy", "aria-hidden": "true" }, "● "), "Registered ", h("b", {}, done.id), h("span", { class: "m-faint" }, ` ${facts}`)),
      done.said ? h("pre", { tabindex: "0", "aria-label": "How a script reads it" }, done.said) : "",
    );
  }
  function around() {
    const { variables, files } = model.get("facts");
    fill(known, ...[...variables, ...files].map((each) => h("option", { value: each })));
    if (!what.value && variables.length) what.value = variables[0];
  }
  fill(root, 
    h("h3", {}, "Register a model"),
    h(
      "div",
      { class: "m-form" },
      labelled("Model", what, "A fitted object of this notebook, a file or a folder."),
      labelled("Name", name),
      labelled("Sample request", sample, "A variable, JSON, or @file."),
      labelled("Tags", tags),
      labelled("Description", description),
    ),
    known,
    h("div", { class: "m-row" }, go),
    place,
  );
  model.on("change:facts", around);
  around();
  show(model.get("facts").done);
  line.ask("look").catch(() => {});
  return () => {
    line.close();
    model.off("change:facts", around);
  };
}
export default { render };
