/** Where the language server is. Knows nothing of the editor, so that it can be tried without one. */

import { execFile } from 'node:child_process';
import { constants, promises as fs } from 'node:fs';
import * as path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const isWindows = process.platform === 'win32';
const patienceMs = 20_000;

/** Leaves with 0 where the server can run; looks for the packages without importing them. */
const probe =
  'import importlib.util as u, sys; sys.exit(0 if all(map(u.find_spec, ("mooring_lsp", "pygls"))) else 3)';

/** What is known about where the server could be, from the surest to the vaguest. */
export interface Hints {
  /** Of the settings: the whole command. */
  command: readonly string[];
  /** Of the settings: a Python. */
  interpreter: string;
  /** The Python that the Python extension has chosen. */
  active: string | undefined;
  folders: readonly string[];
  /** The PATH to search. */
  searchPath: string;
}

/** A command that starts the server, and why it is this one. */
export interface Found {
  kind: 'found';
  command: string;
  args: string[];
  origin: string;
}

/** There is no server; `interpreter` is where it could be installed. */
export interface Missing {
  kind: 'missing';
  interpreter: string | undefined;
  /** In one sentence. */
  problem: string;
}

interface Candidate {
  interpreter: string;
  origin: string;
  /** Whether the user named it: nothing else is tried then. */
  isAsked: boolean;
}

/** The server's command, or what is in the way. */
export async function locateServer(hints: Hints): Promise<Found | Missing> {
  const [command, ...args] = hints.command;
  if (command !== undefined) {
    return { kind: 'found', command, args, origin: 'the setting mooring.server.command' };
  }
  let fallback: string | undefined;
  for (const candidate of await candidates(hints)) {
    if (!(await isExecutable(candidate.interpreter))) {
      if (candidate.isAsked) {
        return missing(undefined, `${candidate.interpreter}, which ${candidate.origin} names, can't be run.`);
      }
      continue;
    }
    if (await hasServer(candidate.interpreter)) {
      return start(candidate);
    }
    if (candidate.isAsked) {
      return missing(candidate.interpreter, `Mooring's language server is not installed in ${candidate.interpreter}.`);
    }
    fallback ??= candidate.interpreter;
  }
  const onPath = await findOnPath(['mooring-lsp'], hints.searchPath);
  if (onPath !== undefined) {
    return { kind: 'found', command: onPath, args: [], origin: 'the PATH' };
  }
  return noServer(fallback ?? (await findOnPath(['python3', 'python'], hints.searchPath)));
}

function start({ interpreter, origin }: Candidate): Found {
  return { kind: 'found', command: interpreter, args: ['-m', 'mooring_lsp'], origin };
}

function missing(interpreter: string | undefined, problem: string): Missing {
  return { kind: 'missing', interpreter, problem };
}

function noServer(interpreter: string | undefined): Missing {
  return interpreter === undefined
    ? missing(undefined, 'No Python was found to run Mooring\'s language server.')
    : missing(interpreter, `Mooring's language server is not installed in ${interpreter}.`);
}

async function candidates(hints: Hints): Promise<Candidate[]> {
  if (hints.interpreter !== '') {
    return [
      { interpreter: hints.interpreter, origin: 'the setting mooring.server.interpreter', isAsked: true },
    ];
  }
  const found: Candidate[] = [];
  if (hints.active !== undefined) {
    found.push({ interpreter: hints.active, origin: 'the Python extension', isAsked: false });
  }
  for (const folder of hints.folders) {
    for (const name of ['.venv', 'venv']) {
      const interpreter = pythonIn(path.join(folder, name));
      if (await isExecutable(interpreter)) {
        found.push({ interpreter, origin: `${name} of ${path.basename(folder)}`, isAsked: false });
      }
    }
  }
  return found;
}

/** The Python of a virtual environment. */
export function pythonIn(environment: string): string {
  return isWindows ? path.join(environment, 'Scripts', 'python.exe') : path.join(environment, 'bin', 'python');
}

async function hasServer(interpreter: string): Promise<boolean> {
  try {
    await run(interpreter, ['-c', probe], { timeout: patienceMs });
    return true;
  } catch {
    return false;
  }
}

/** The first program of these names on a PATH. */
export async function findOnPath(names: readonly string[], searchPath: string): Promise<string | undefined> {
  const endings = isWindows ? ['.exe', '.cmd', ''] : [''];
  for (const folder of searchPath.split(path.delimiter).filter(part => path.isAbsolute(part))) {
    for (const name of names) {
      for (const ending of endings) {
        const file = path.join(folder, name + ending);
        if (await isExecutable(file)) {
          return file;
        }
      }
    }
  }
  return undefined;
}

async function isExecutable(file: string): Promise<boolean> {
  try {
    await fs.access(file, constants.X_OK);
    return (await fs.stat(file)).isFile();
  } catch {
    return false;
  }
}
