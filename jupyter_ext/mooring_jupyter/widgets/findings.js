// Findings with fixes to click. A fix changes the file in the kernel and the cell in the editor above.

function editorOf(el) {
  const cell = el.closest(".jp-CodeCell");
  const content = cell?.querySelector(".jp-InputArea .cm-content");
  return content?.cmTile?.view ?? content?.cmView?.view ?? content?.cmTile?.root?.view ?? null;
}

/** Put the fixed text into the cell, below its magic; false when the front end does not let us. */
function writeIntoCell(el, before, after) {
  const view = editorOf(el);
  if (!view) return false;
  const text = view.state.doc.toString();
  const at = text.indexOf(before.replace(/\n$/, ""));
  if (at < 0) return false;
  view.dispatch({ changes: { from: at, to: at + before.replace(/\n$/, "").length, insert: after.replace(/\n$/, "") } });
  return true;
}

function render({ model, el }) {
  const line = connect(model, el);
  const root = frame(el, "Findings");
  root.classList.add("m-bare");
  const place = h("div", { "aria-live": "polite" });

  async function fix(at, control) {
    const done = await during(control, place, () => line.ask("fix", { at }, busyNote(place)));
    if (!done) return;
    const inCell = writeIntoCell(el, done.before, done.after);
    const path = model.get("facts").path;
    fill(place, 
      h("p", { role: "status" }, inCell ? `Fixed in ${path} and in this cell.` : `Fixed in ${path}. This cell still has the old text:`),
      inCell ? "" : copyButton(() => done.after, "Copy the new text"),
    );
  }

  function show() {
    const { findings } = model.get("facts");
    const fixable = findings.filter((each) => each.fix).length;
    const items = findings.map((each, at) => {
      const control = each.fix ? button(each.fix, () => fix(at, control), { attributes: { "aria-label": `Fix: ${each.fix}` } }) : null;
      return h(
        "li",
        { class: `m-finding m-${each.severity}` },
        h("b", {}, each.severity),
        " ",
        h("code", {}, `${each.path}:${each.line}:${each.column} · ${each.code}`),
        ` ${each.problem} ${each.remedy} `,
        control,
      );
    });
    const all = fixable > 1 ? button(`Fix all ${fixable}`, () => fix(-1, all)) : null;
    fill(root, findings.length ? h("ul", { class: "m-findings" }, items) : h("p", {}, "No findings left."), all ?? "", place);
  }
  model.on("change:facts", show);
  show();
  return () => {
    line.close();
    model.off("change:facts", show);
  };
}
export default { render };
