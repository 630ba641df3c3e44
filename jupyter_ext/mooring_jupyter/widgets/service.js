function render({ model, el }) {
  const line = connect(model, el);
  const root = frame(el, `Service ${model.get("facts").name}`);
  const page = servicePage(root, line, () => model.get("facts"));
  const changed = () => page.changed();
  model.on("change:facts", changed);
  changed();
  return () => {
    page.close();
    model.off("change:facts", changed);
    line.close();
  };
}
export default { render };
