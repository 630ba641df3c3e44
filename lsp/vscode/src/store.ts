/** What the open folders' workspaces hold, as the server said last; everything that shows it asks here. */

import * as vscode from 'vscode';

import type { Overview, Service } from './protocol';
import { readSettings } from './settings';
import type { LanguageServer } from './server/language-server';

const settleMs = 80;

/** A service, and the workspace that it is one of. */
export interface Placed<Value> {
  workspace: string;
  value: Value;
}

export class Store implements vscode.Disposable {
  private held: Overview[] | undefined;
  private timer: NodeJS.Timeout | undefined;
  private reads = 0;
  private readonly changed = new vscode.EventEmitter<void>();
  private readonly subscriptions: vscode.Disposable[];

  readonly onDidChange = this.changed.event;

  constructor(private readonly server: LanguageServer) {
    this.subscriptions = [
      this.changed,
      server.onDidChangeStatus(() => { this.refresh(); }),
      server.onDidChangeStore(() => { this.refresh(); }),
      server.onDidExecute(() => { this.refresh(); }),
      server.onDidReceiveLogs(({ items }) => {
        if (items.some(item => item.kind === 'event')) {
          this.refresh();
        }
      }),
      vscode.workspace.onDidChangeWorkspaceFolders(() => { this.refresh(); }),
      vscode.window.onDidChangeWindowState(({ focused }) => {
        if (focused) {
          this.refresh(); // a process that died changed no database
        }
      }),
    ];
  }

  /** One for each workspace that an open folder belongs to. */
  get overviews(): readonly Overview[] {
    return this.held ?? [];
  }

  /** Whether the server has been asked: before that, nothing being there means nothing. */
  get isKnown(): boolean {
    return this.held !== undefined;
  }

  get services(): Placed<Service>[] {
    return this.overviews.flatMap(({ workspace, services }) =>
      services.map(value => ({ workspace: workspace.name, value })),
    );
  }

  find(workspace: string, service: string): Service | undefined {
    return this.services.find(each => each.workspace === workspace && each.value.name === service)?.value;
  }

  /** Ask again, soon. */
  refresh(): void {
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      void this.read();
    }, settleMs);
  }

  dispose(): void {
    clearTimeout(this.timer);
    vscode.Disposable.from(...this.subscriptions).dispose();
  }

  private async read(): Promise<void> {
    const read = ++this.reads;
    const found = this.server.isRunning ? await this.ask() : undefined;
    if (read === this.reads && (found !== undefined || !this.server.isRunning)) {
      this.held = found;
      this.changed.fire();
    }
  }

  private async ask(): Promise<Overview[] | undefined> {
    try {
      const scopes = scopesOfFolders();
      const overviews = await Promise.all(scopes.map(scope => this.server.request('mooring/overview', scope)));
      return [...new Map(overviews.map(each => [each.workspace.name, each])).values()];
    } catch (error) {
      this.server.output.warn(`The overview could not be read: ${String(error)}`);
      return undefined; // what was known stays
    }
  }
}

function scopesOfFolders(): { uri?: string; workspace?: string }[] {
  const { workspace } = readSettings();
  const folders = (vscode.workspace.workspaceFolders ?? []).filter(folder => folder.uri.scheme === 'file');
  if (workspace !== '' || folders.length === 0) {
    return [workspace === '' ? {} : { workspace }];
  }
  return folders.map(folder => ({ uri: folder.uri.toString() }));
}
