/** Where the server is looked for, with environments that are really there. */

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { after, before, test } from 'node:test';

import { locateServer, pythonIn, type Hints } from '../../../lsp/vscode/src/server/locating';

const python = process.env.PYTHON ?? 'python3';
let root = '';

before(() => {
  root = mkdtempSync(path.join(tmpdir(), 'locating-'));
});

after(() => {
  rmSync(root, { recursive: true });
});

/** A virtual environment; one that has the server holds packages of its name, empty ones: nothing is imported. */
function environment(name: string, { hasServer }: { hasServer: boolean }): string {
  const folder = path.join(root, name);
  execFileSync(python, ['-m', 'venv', '--without-pip', folder]);
  if (hasServer) {
    const code = 'import sysconfig; print(sysconfig.get_paths()["purelib"])';
    const site = execFileSync(pythonIn(folder), ['-c', code], { encoding: 'utf8' }).trim();
    for (const each of ['mooring_lsp', 'pygls']) {
      mkdirSync(path.join(site, each));
      writeFileSync(path.join(site, each, '__init__.py'), 'raise SystemExit("looked for, never imported")\n');
    }
  }
  return folder;
}

function hints(given: Partial<Hints>): Hints {
  return { command: [], interpreter: '', active: undefined, folders: [], searchPath: '', ...given };
}

test('the command of the settings wins, unseen', async () => {
  const found = await locateServer(hints({ command: ['run-it', '--now'], interpreter: '/nowhere' }));

  assert.deepEqual(found, {
    kind: 'found',
    command: 'run-it',
    args: ['--now'],
    origin: 'the setting mooring.server.command',
  });
});

test('an interpreter of the settings is the only one tried', async () => {
  const project = environment('asked/.venv', { hasServer: true });
  const other = environment('asked/other', { hasServer: false });

  const found = await locateServer(hints({ interpreter: pythonIn(other), folders: [path.dirname(project)] }));

  assert.equal(found.kind, 'missing');
  assert.ok(found.kind === 'missing' && found.interpreter === pythonIn(other) && found.problem.includes(other));
});

test('an interpreter that is not there is named', async () => {
  const found = await locateServer(hints({ interpreter: '/no/such/python' }));

  assert.ok(found.kind === 'missing' && found.interpreter === undefined);
  assert.match(found.problem, /\/no\/such\/python.*mooring\.server\.interpreter/);
});

test('the chosen Python comes before .venv, which comes before the PATH', async () => {
  const chosen = environment('order/chosen', { hasServer: true });
  const project = environment('order/.venv', { hasServer: true });
  const binaries = path.join(root, 'order', 'bin');
  mkdirSync(binaries);
  symlinkSync('/bin/true', path.join(binaries, 'mooring-lsp'));
  const given = hints({ active: pythonIn(chosen), folders: [path.dirname(project)], searchPath: binaries });

  const first = await locateServer(given);
  const second = await locateServer({ ...given, active: undefined });
  const third = await locateServer({ ...given, active: undefined, folders: [] });

  assert.ok(first.kind === 'found' && first.command === pythonIn(chosen));
  assert.ok(second.kind === 'found' && second.command === pythonIn(project));
  assert.deepEqual(second.args, ['-m', 'mooring_lsp']);
  assert.ok(third.kind === 'found' && third.command === path.join(binaries, 'mooring-lsp'));
});

test('a chosen Python without the server is passed over, and offered for installation when nothing else has it', async () => {
  const bare = environment('bare/chosen', { hasServer: false });
  const project = environment('bare/.venv', { hasServer: true });

  const found = await locateServer(hints({ active: pythonIn(bare), folders: [path.dirname(project)] }));
  const missing = await locateServer(hints({ active: pythonIn(bare) }));

  assert.ok(found.kind === 'found' && found.command === pythonIn(project));
  assert.ok(missing.kind === 'missing' && missing.interpreter === pythonIn(bare));
});
