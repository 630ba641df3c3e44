/** What can be done with a file: deploy it, register it, give it configurations. */

import * as vscode from 'vscode';

import type { LanguageServer } from '../server/language-server';
import type { Deploying } from './deploying';
import { wentWell } from './messages';

export class FileActions {
  constructor(
    private readonly server: LanguageServer,
    private readonly deploying: Deploying,
  ) {}

  async deploy(given: vscode.Uri | undefined): Promise<void> {
    const uri = given ?? activeFile();
    if (uri === undefined) {
      void vscode.window.showInformationMessage('Open the script or configuration to deploy first.');
      return;
    }
    await this.deploying.deploy({ uri: uri.toString() });
  }

  async register(given: vscode.Uri | undefined): Promise<void> {
    const uri = given ?? (await askForFile());
    if (uri === undefined) {
      return;
    }
    const name = await vscode.window.showInputBox({
      title: `Register ${vscode.workspace.asRelativePath(uri)}`,
      prompt: 'Name of the model; of a name that is known, it becomes the next version',
      value: nameOf(uri),
    });
    if (name !== undefined) {
      const outcome = await this.server.execute('mooring.registerModel', { uri: uri.toString(), name });
      if (wentWell(outcome) && outcome.model !== undefined) {
        void vscode.window.showInformationMessage(`Registered ${outcome.model.id}.`);
      }
    }
  }

  /** Have the server make a file that goes with a script, and open it. */
  async create(command: string, given: vscode.Uri | undefined): Promise<void> {
    const uri = given ?? activeFile();
    if (uri === undefined) {
      void vscode.window.showInformationMessage('Open the script that it is for first.');
      return;
    }
    const outcome = await this.server.execute(command, { uri: uri.toString() });
    if (wentWell(outcome) && outcome.uri !== undefined) {
      await vscode.window.showTextDocument(vscode.Uri.parse(outcome.uri));
    }
  }
}

function activeFile(): vscode.Uri | undefined {
  return vscode.window.activeTextEditor?.document.uri;
}

async function askForFile(): Promise<vscode.Uri | undefined> {
  const chosen = await vscode.window.showOpenDialog({
    title: 'The model to register',
    openLabel: 'Register',
    canSelectFiles: true,
    canSelectFolders: true,
  });
  return chosen?.[0];
}

function nameOf(uri: vscode.Uri): string {
  const base = uri.path.split('/').at(-1) ?? '';
  return base.replace(/\.[^.]*$/, '');
}
