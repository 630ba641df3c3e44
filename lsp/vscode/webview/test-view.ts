/** The page of the Test view. Shows what the extension sends, and sends what the user wants. */

import type { RunAnswer, Snippet } from '../src/protocol';
import type { FromView, Remembered, Shown, ToView } from '../src/testing/messages';
import { element } from './elements';
import { coloured } from './json-colours';
import { indented } from '../src/testing/json-text';

const editor = acquireVsCodeApi<Remembered>();
const subject = JSON.parse(document.body.dataset.subject ?? '{}') as Remembered;
let memory: Remembered = { ...subject, ...editor.getState() };
const longestKept = 100_000;
let snippets: Snippet[] = [];

const title = element('h1', { text: subject.service });
const state = element('span', { class: 'state', role: 'status' });
const facts = element('p', { class: 'facts' });
const request = element('textarea', { spellcheck: 'false', 'aria-label': 'Request body', rows: '12' });
const source = element('span', { class: 'hint' });
const send = element('button', { class: 'primary', text: 'Send', title: 'Send (Ctrl+Enter)' });
const sample = element('button', { text: 'Reset to Sample' });
const logs = element('button', { text: 'Logs' });
const verdict = element('div', { class: 'verdict', role: 'status', 'aria-live': 'polite' });
const response = element('pre', { class: 'response', tabindex: '0', 'aria-label': 'Response body' });
const headers = element('details', { class: 'headers' });
const tabs = element('div', { class: 'tabs', role: 'tablist' });
const snippet = element('pre', { class: 'snippet', tabindex: '0', role: 'tabpanel', 'aria-label': 'Program' });
const copySnippet = element('button', { text: 'Copy' });
const copyKey = element('button', { text: 'Copy Key' });

function tell(message: FromView): void {
  editor.postMessage(message);
}

function remember(change: Partial<Remembered>): void {
  memory = { ...memory, ...change };
  editor.setState(memory);
}

function layOut(): void {
  document.body.append(
    element('header', {}, element('div', { class: 'title' }, title, state, element('span', { class: 'grow' }), logs), facts),
    element(
      'main',
      {},
      element(
        'section',
        { 'aria-label': 'Request' },
        element('h2', { text: 'Request' }, source),
        request,
        element('div', { class: 'actions' }, send, sample),
      ),
      element('section', { 'aria-label': 'Response' }, element('h2', { text: 'Response' }, verdict), response, headers),
    ),
    element(
      'section',
      { class: 'consume', 'aria-label': 'Use it from a program' },
      element('h2', { text: 'Use it from a program' }),
      element('div', { class: 'bar' }, tabs, element('span', { class: 'grow' }), copySnippet, copyKey),
      snippet,
    ),
  );
}

function listen(): void {
  send.addEventListener('click', submit);
  sample.addEventListener('click', () => { tell({ kind: 'sample' }); });
  logs.addEventListener('click', () => { tell({ kind: 'logs' }); });
  copyKey.addEventListener('click', () => { tell({ kind: 'copyKey' }); });
  copySnippet.addEventListener('click', () => {
    const chosen = chosenSnippet();
    if (chosen !== undefined) {
      tell({ kind: 'copy', text: chosen.text, what: `The ${chosen.title} program` });
    }
  });
  request.addEventListener('input', () => { remember({ text: request.value }); });
  document.addEventListener('keydown', event => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      submit();
    }
  });
  window.addEventListener('message', (event: MessageEvent<ToView>) => { take(event.data); });
}

function submit(): void {
  if (!send.disabled) {
    send.disabled = true;
    verdict.replaceChildren(element('span', { class: 'pill busy', text: 'waiting…' }));
    tell({ kind: 'send', text: request.value });
  }
}

function take(message: ToView): void {
  switch (message.kind) {
    case 'service':
      showService(message.service);
      break;
    case 'sample':
      showSample(message.text, message.source);
      break;
    case 'snippets':
      snippets = message.snippets;
      showSnippets();
      break;
    case 'answer':
      showAnswer(message.answer);
      break;
    case 'trouble':
      showTrouble(message.text);
      break;
  }
}

function showService(service: Shown | null): void {
  state.className = `state ${service?.tone ?? 'bad'}`;
  state.textContent = service?.state ?? 'not deployed';
  facts.textContent = service?.facts ?? 'This service is gone; the view comes back to life when it is deployed again.';
  copyKey.hidden = service?.isKeyed !== true;
}

function showSample(text: string, from: string | null): void {
  request.value = text;
  showSource(from);
  remember({ text, source: from });
}

function showSource(from: string | null): void {
  source.textContent = from === null ? 'no sample is registered' : `sample of the ${from}`;
}

function showAnswer(answer: RunAnswer): void {
  send.disabled = false;
  if (answer.text.length <= longestKept) {
    remember({ answer });
  }
  const tone = answer.status < 300 ? 'good' : 'bad';
  const facts = [milliseconds(answer.seconds), bytes(answer.text)].join(' · ');
  verdict.replaceChildren(
    element('span', { class: `pill ${tone}`, text: String(answer.status) }),
    element('span', { class: 'hint', text: facts }),
  );
  response.replaceChildren(...coloured(pretty(answer.text)));
  const lines = Object.entries(answer.headers).map(([name, value]) =>
    element('div', {}, element('span', { class: 'name', text: `${name}: ` }), value),
  );
  headers.replaceChildren(element('summary', { text: `${String(lines.length)} headers` }), ...lines);
}

function showTrouble(text: string): void {
  send.disabled = false;
  verdict.replaceChildren(element('span', { class: 'pill bad', text: 'not answered' }));
  response.replaceChildren(element('span', { class: 'trouble', text }));
  headers.replaceChildren();
}

function chosenSnippet(): Snippet | undefined {
  return snippets.find(each => each.language === memory.language) ?? snippets[0];
}

function showSnippets(): void {
  const chosen = chosenSnippet();
  tabs.replaceChildren(...snippets.map(each => tab(each, each === chosen)));
  snippet.textContent = chosen?.text ?? '';
}

function tab(each: Snippet, isChosen: boolean): HTMLElement {
  const button = element('button', { role: 'tab', 'aria-selected': String(isChosen), text: each.title });
  button.addEventListener('click', () => {
    remember({ language: each.language });
    showSnippets();
  });
  return button;
}

function pretty(text: string): string {
  try {
    return indented(JSON.parse(text));
  } catch {
    return text;
  }
}

function milliseconds(value: number): string {
  return value < 1 ? `${(value * 1000).toFixed(1)} ms` : `${value.toFixed(2)} s`;
}

function bytes(text: string): string {
  const count = new TextEncoder().encode(text).length;
  return count < 1000 ? `${String(count)} B` : `${(count / 1000).toFixed(1)} kB`;
}

layOut();
listen();
if (memory.text !== undefined) {
  request.value = memory.text;
}
if (memory.source !== undefined) {
  showSource(memory.source);
}
if (memory.answer !== undefined) {
  showAnswer(memory.answer);
}
remember({});
tell({ kind: 'ready', hasText: memory.text !== undefined });
