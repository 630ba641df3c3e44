/** An element with its attributes and children; `text` is its text. */
export function element<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Record<string, string>,
  ...children: (Node | string)[]
): HTMLElementTagNameMap[Tag] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === 'text') {
      made.append(value);
    } else {
      made.setAttribute(name, value);
    }
  }
  made.append(...children);
  return made;
}
