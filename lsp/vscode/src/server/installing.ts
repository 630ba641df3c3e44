/** Puts the server into a Python that lacks it, in a terminal where one can see what happens. */

import { execFile } from 'node:child_process';
import * as vscode from 'vscode';

import { readSettings } from '../settings';
import type { LanguageServer } from './language-server';
import { findOnPath } from './locating';

const neverAsk = 'mooring.neverAskToInstall';

export class Installing implements vscode.Disposable {
  private readonly subscription: vscode.Disposable;
  private hasAsked = false;

  constructor(
    private readonly server: LanguageServer,
    private readonly memory: vscode.Memento,
  ) {
    this.subscription = server.onDidChangeStatus(status => {
      if (status.kind === 'missing' && !this.hasAsked && memory.get<boolean>(neverAsk) !== true) {
        this.hasAsked = true;
        void this.offer(status.missing.problem, status.missing.interpreter);
      }
    });
  }

  /** Asked for by command. */
  async install(): Promise<void> {
    const { status } = this.server;
    if (status.kind === 'running') {
      void vscode.window.showInformationMessage(`Mooring ${status.version} is installed and running.`);
    } else if (status.kind === 'missing') {
      await this.offer(status.missing.problem, status.missing.interpreter);
    } else {
      await this.server.restart();
    }
  }

  dispose(): void {
    this.subscription.dispose();
  }

  private async offer(problem: string, interpreter: string | undefined): Promise<void> {
    if (interpreter === undefined) {
      const chosen = await vscode.window.showWarningMessage(problem, 'Open Settings');
      if (chosen !== undefined) {
        await vscode.commands.executeCommand('workbench.action.openSettings', 'mooring.server');
      }
      return;
    }
    const chosen = await vscode.window.showInformationMessage(problem, 'Install', 'Choose a Python…', 'Not Here');
    if (chosen === 'Install') {
      await this.run(interpreter);
    } else if (chosen === 'Choose a Python…') {
      await vscode.commands.executeCommand('workbench.action.openSettings', 'mooring.server.interpreter');
    } else if (chosen === 'Not Here') {
      await this.memory.update(neverAsk, true);
    }
  }

  private async run(interpreter: string): Promise<void> {
    const words = await commandFor(interpreter, readSettings().package);
    if (words === undefined) {
      void vscode.window.showErrorMessage(`${interpreter} has no pip, and uv is not on the PATH. Install one of them.`);
      return;
    }
    const [command, ...args] = words;
    const task = new vscode.Task(
      { type: 'mooring' },
      vscode.TaskScope.Workspace,
      'Install the language server',
      'Mooring',
      new vscode.ProcessExecution(command, args),
    );
    task.presentationOptions = { reveal: vscode.TaskRevealKind.Always, clear: true };
    const code = await finished(task);
    if (code === 0) {
      await this.server.restart();
    } else {
      void vscode.window.showErrorMessage('The language server was not installed: the terminal says why.');
    }
  }
}

/** Environments that uv makes have no pip. */
async function commandFor(interpreter: string, requirement: string): Promise<[string, ...string[]] | undefined> {
  if (await canRun(interpreter, ['-m', 'pip', '--version'])) {
    return [interpreter, '-m', 'pip', 'install', requirement];
  }
  const uv = await findOnPath(['uv'], process.env.PATH ?? '');
  return uv === undefined ? undefined : [uv, 'pip', 'install', '--python', interpreter, requirement];
}

/** Run a task; its exit code. A short one may be over before its start is told, so its end is waited for first. */
export async function finished(task: vscode.Task): Promise<number | undefined> {
  let subscription: vscode.Disposable | undefined;
  const ended = new Promise<number | undefined>(resolve => {
    subscription = vscode.tasks.onDidEndTaskProcess(end => {
      if (end.execution.task.name === task.name && end.execution.task.source === task.source) {
        resolve(end.exitCode);
      }
    });
  });
  try {
    await vscode.tasks.executeTask(task);
    return await ended;
  } finally {
    subscription?.dispose();
  }
}

function canRun(command: string, args: string[]): Promise<boolean> {
  return new Promise(resolve => {
    execFile(command, args, { timeout: 20_000 }, error => { resolve(error === null); });
  });
}
