/** What is shown of JSON and of log items. */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { linesOf } from '../../../lsp/vscode/src/logs/lines';
import type { LogEvent } from '../../../lsp/vscode/src/protocol';
import { indented } from '../../../lsp/vscode/src/testing/json-text';

test('a list of numbers stays on one line, a long one does not', () => {
  assert.equal(indented({ data: [[1, 2], [3, 4]] }), '{\n  "data": [\n    [1, 2],\n    [3, 4]\n  ]\n}');
  assert.ok(indented(Array.from({ length: 50 }, (_, number) => number)).includes(',\n  1,\n'));
});

test('indented JSON means what it meant', () => {
  const values = [null, 'a "b"', 1.5, [], {}, { a: [], b: {}, c: [{ d: null }] }, [[], [[1], 'x']], { 'ü😀': [true] }];

  for (const value of values) {
    assert.deepEqual(JSON.parse(indented(value)), value);
  }
});

test('links move with the text behind the time', () => {
  const links = [{ start: 5, end: 9, uri: 'file:///w/score.py', line: 3 }];
  const [line] = linesOf({ kind: 'line', time: null, text: 'File "a"', stream: 'stderr', source: '', cursor: '1', links });

  assert.equal(line?.text.slice(line.links[0]?.start), 'File "a"'.slice(5));
});

test('a failure shows its place, its evidence and its remedy', () => {
  const failure = {
    code: 'init-raised',
    cause: 'init() raised KeyError.',
    evidence: ["KeyError: 'x'"],
    remedy: 'Set x.',
    excerpt: { path: '/w/score.py', line: 7, text: '' },
    kept: '',
  };
  const event: LogEvent = {
    kind: 'event',
    time: '2026-01-01T00:00:00Z',
    text: 'init() raised KeyError.',
    phase: 'failed',
    event: 'failure',
    data: { failure },
    cursor: '2',
  };

  const texts = linesOf(event).map(line => line.text.trim());

  assert.match(texts[0] ?? '', /✖ Failed +init\(\) raised KeyError\.$/);
  assert.deepEqual(texts.slice(1), ['/w/score.py:7', "KeyError: 'x'", 'Fix: Set x.']);
});
