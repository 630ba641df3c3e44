/** `mooring demo` in a terminal: from training to a service that answers, in files of one's own. */

import * as path from 'node:path';
import * as vscode from 'vscode';

import type { LanguageServer } from '../server/language-server';
import type { Found } from '../server/locating';
import { ServerUnavailable } from '../server/language-server';
import { finished } from '../server/installing';
import { readSettings } from '../settings';

const folderName = 'mooring-demo';

export async function runDemo(server: LanguageServer): Promise<void> {
  const { status } = server;
  const folder = vscode.workspace.workspaceFolders?.[0];
  if (status.kind !== 'running') {
    throw new ServerUnavailable(status);
  }
  if (folder === undefined) {
    void vscode.window.showInformationMessage('Open a folder first: the demo writes its files there.');
    return;
  }
  const [command, ...args] = commandLineOf(status.found);
  const execution = new vscode.ProcessExecution(command, [...args, 'demo', '--directory', folderName], {
    cwd: folder.uri.fsPath,
    env: readSettings().environment,
  });
  const task = new vscode.Task({ type: 'mooring' }, folder, 'Demo', 'Mooring', execution);
  task.presentationOptions = { reveal: vscode.TaskRevealKind.Always, clear: true };
  if ((await finished(task)) === 0) {
    await vscode.window.showTextDocument(vscode.Uri.joinPath(folder.uri, folderName, 'score.py'));
  }
}

/** The command line that belongs to a language server. */
function commandLineOf({ command, args }: Found): [string, ...string[]] {
  return args[0] === '-m' ? [command, '-m', 'mooring'] : [path.join(path.dirname(command), 'mooring')];
}
