/** JSON as a person would write it: what fits on a line stays on it. */

const width = 60;

export function indented(value: unknown, indent = ''): string {
  const flat = JSON.stringify(value);
  if (typeof value !== 'object' || value === null || (isFlat(value) && flat.length + indent.length <= width)) {
    return isList(value) ? spaced(value) : flat;
  }
  const inner = `${indent}  `;
  const parts = isList(value)
    ? value.map(each => inner + indented(each, inner))
    : Object.entries(value).map(([key, each]) => `${inner}${JSON.stringify(key)}: ${indented(each, inner)}`);
  const [open, close] = isList(value) ? '[]' : '{}';
  return parts.length === 0 ? `${open ?? ''}${close ?? ''}` : `${open ?? ''}\n${parts.join(',\n')}\n${indent}${close ?? ''}`;
}

function isList(value: unknown): value is unknown[] {
  return Array.isArray(value);
}

function isFlat(value: object): boolean {
  return isList(value) && value.every(each => typeof each !== 'object' || each === null);
}

function spaced(list: unknown[]): string {
  return `[${list.map(each => JSON.stringify(each)).join(', ')}]`;
}
