/** The Python that the Python extension has chosen; it need not be there. */

import { PythonExtension } from '@vscode/python-extension';
import * as vscode from 'vscode';

const identifier = 'ms-python.python';

export class ChosenInterpreter implements vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<void>();
  private subscription: vscode.Disposable | undefined;

  readonly onDidChange = this.changed.event;

  /** Its path; undefined without the extension, or before anything was chosen. */
  async find(): Promise<string | undefined> {
    if (vscode.extensions.getExtension(identifier) === undefined) {
      return undefined;
    }
    try {
      const { environments } = await PythonExtension.api();
      this.subscription ??= environments.onDidChangeActiveEnvironmentPath(() => { this.changed.fire(); });
      const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
      const chosen = await environments.resolveEnvironment(environments.getActiveEnvironmentPath(folder));
      return chosen?.executable.uri?.fsPath;
    } catch {
      return undefined; // an extension in trouble tells of it itself; there are other places to look
    }
  }

  dispose(): void {
    this.subscription?.dispose();
    this.changed.dispose();
  }
}
