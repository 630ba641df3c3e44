/** JSON as spans that the style sheet colours. Long texts stay plain: colour is not worth a frozen view. */

import { element } from './elements';

const longest = 100_000;
const token = /("(?:[^"\\]|\\.)*")(\s*:)?|\b(?:true|false|null)\b|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

export function coloured(text: string): (Node | string)[] {
  if (text.length > longest || !/^\s*[[{"\d-]/.test(text)) {
    return [text];
  }
  const parts: (Node | string)[] = [];
  let end = 0;
  for (const match of text.matchAll(token)) {
    parts.push(text.slice(end, match.index), element('span', { class: kindOf(match), text: match[0] }));
    end = match.index + match[0].length;
  }
  return [...parts, text.slice(end)];
}

function kindOf(match: RegExpMatchArray): string {
  if (match[1] !== undefined) {
    return match[2] === undefined ? 'string' : 'key';
  }
  return /^[tfn]/.test(match[0]) ? 'word' : 'number';
}
