/** Log items as the lines that are shown. */

import type { ItemLink, LogEvent, LogItem, Verdict } from '../protocol';

export interface Line {
  text: string;
  links: ItemLink[];
}

/** The lines of one item; links count their columns in the line's text. */
export function linesOf(item: LogItem): Line[] {
  return item.kind === 'line' ? [lineOf(item.time, item.text, item.links ?? [])] : eventLines(item);
}

function lineOf(time: string | null, text: string, links: ItemLink[]): Line {
  const head = `${clock(time)}  `;
  const moved = links.map(link => ({ ...link, start: link.start + head.length, end: link.end + head.length }));
  return { text: head + text, links: moved };
}

function eventLines(event: LogEvent): Line[] {
  const sign = event.event === 'failure' ? '✖' : event.event === 'phase' ? '▸' : '·';
  const label = event.phase.charAt(0).toUpperCase() + event.phase.slice(1);
  const first = lineOf(event.time, `${sign} ${label.padEnd(12)} ${event.text}`.trimEnd(), []);
  const verdict = event.data.failure;
  return verdict === undefined ? [first] : [first, ...verdictLines(verdict, event.text)];
}

function verdictLines(verdict: Verdict, told: string): Line[] {
  const indent = ' '.repeat(14);
  const place = verdict.excerpt === null ? [] : [`${verdict.excerpt.path}:${String(verdict.excerpt.line)}`];
  const texts = [
    ...place,
    ...(told.includes(verdict.cause) ? [] : [verdict.cause]),
    ...verdict.evidence,
    ...(verdict.remedy === '' ? [] : [`Fix: ${verdict.remedy}`]),
    ...(verdict.kept === '' ? [] : [`Kept: ${verdict.kept}`]),
  ];
  return texts.map(text => ({ text: indent + text, links: [] }));
}

/** Hours to milliseconds, in the reader's own time zone. */
function clock(time: string | null): string {
  const at = time === null ? undefined : new Date(time);
  if (at === undefined || Number.isNaN(at.getTime())) {
    return ' '.repeat(12);
  }
  const two = (part: number): string => String(part).padStart(2, '0');
  return `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}.${String(at.getMilliseconds()).padStart(3, '0')}`;
}
