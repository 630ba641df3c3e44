/**
 * The JSON Schemas of the configurations, for as long as the language server does not run.
 *
 * The server knows all that they say and more; with both at work everything would be said twice. So the schemas are
 * files of a file system of our own, which hold nothing while the server runs.
 */

import * as vscode from 'vscode';

import type { LanguageServer } from './server/language-server';

const scheme = 'mooring-schema';
const names = ['inference-config.schema.json', 'deployment-config.schema.json'];
const nothing = new TextEncoder().encode('{}');

export class SchemaFiles implements vscode.FileSystemProvider, vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<vscode.FileChangeEvent[]>();
  private readonly subscriptions: vscode.Disposable[];
  private changes = 1;
  private wasRunning = false;

  readonly onDidChangeFile = this.changed.event;

  constructor(
    private readonly server: LanguageServer,
    private readonly folder: vscode.Uri,
  ) {
    this.subscriptions = [
      this.changed,
      vscode.workspace.registerFileSystemProvider(scheme, this, { isReadonly: true }),
      server.onDidChangeStatus(() => { this.follow(); }),
    ];
  }

  async stat(uri: vscode.Uri): Promise<vscode.FileStat> {
    const { length } = await this.readFile(uri);
    return { type: vscode.FileType.File, ctime: 0, mtime: this.changes, size: length };
  }

  async readFile(uri: vscode.Uri): Promise<Uint8Array> {
    const name = names.find(each => uri.path === `/${each}`);
    if (name === undefined) {
      throw vscode.FileSystemError.FileNotFound(uri);
    }
    return this.server.isRunning
      ? nothing
      : await vscode.workspace.fs.readFile(vscode.Uri.joinPath(this.folder, 'dist', 'schemas', name));
  }

  watch(): vscode.Disposable {
    return new vscode.Disposable(() => undefined); // changes are told without being asked for
  }

  readDirectory(): [string, vscode.FileType][] {
    return names.map(name => [name, vscode.FileType.File]);
  }

  createDirectory(uri: vscode.Uri): never {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  writeFile(uri: vscode.Uri): never {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  delete(uri: vscode.Uri): never {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  rename(uri: vscode.Uri): never {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  dispose(): void {
    vscode.Disposable.from(...this.subscriptions).dispose();
  }

  private follow(): void {
    if (this.server.isRunning !== this.wasRunning) {
      this.wasRunning = this.server.isRunning;
      this.changes++;
      const type = vscode.FileChangeType.Changed;
      this.changed.fire(names.map(name => ({ type, uri: vscode.Uri.from({ scheme, path: `/${name}` }) })));
    }
  }
}
