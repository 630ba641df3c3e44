// Asking a service: a form made of its schema, and programs that ask it.

function consumeView(line) {
  const node = h("div", {});
  let language = "";
  return {
    node,
    async open() {
      const snippets = await line.askNewest("snippets").catch((error) => fill(node, trouble(error)));
      if (!snippets) return;
      const pages = snippets.map((each) => ({
        name: each.language,
        title: each.title,
        content: [h("div", { class: "m-row" }, h("span", { class: "m-faint" }, each.fileName), copyButton(() => each.text)), h("pre", { tabindex: "0", "aria-label": `${each.title} program` }, each.text)],
      }));
      const before = language || snippets[0].language;
      const all = tabs("Language", pages, (name) => (language = name));
      all.show(before);
      fill(node, all);
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
      return { name: each.name, node: labelled(each.name || "Body, as JSON", area), read: () => readJson(area.value || "null", each.name || "The body") };
    }
    if (each.kind === "boolean") {
      const box = h("input", { type: "checkbox", checked: Boolean(each.example) });
      return { name: each.name, node: labelled(each.name, box), read: () => box.checked };
    }
    const input = h("input", { type: each.kind === "text" ? "text" : "number", step: each.kind === "integer" ? "1" : "any", value: each.example ?? "" });
    return { name: each.name, node: labelled(each.name || "Body", input), read: () => (each.kind === "text" ? input.value : input.value === "" ? null : Number(input.value)) };
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
    const isGood = given.status < 400;
    fill(answer, 
      h("div", { class: "m-row" }, h("b", { class: isGood ? "m-healthy" : "m-failed" }, `${isGood ? "✓" : "✕"} ${given.status}`), h("span", { class: "m-faint" }, [milliseconds(given.seconds), given.note].filter(Boolean).join(" · "))),
      given.body === "" && given.note ? "" : h("pre", { tabindex: "0", "aria-label": "Answer" }, typeof given.body === "string" ? given.body : JSON.stringify(given.body, null, 1)),
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

function readJson(text, name) {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw { problem: `${name} is no JSON: ${error.message}.`, remedy: "Correct it; text stands in double quotes." };
  }
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
