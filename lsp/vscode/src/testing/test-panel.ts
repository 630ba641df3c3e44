/** The Test view of a service: an editor tab with a request, its answer, and programs that send the same. */

import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';

import type { Service } from '../protocol';
import type { LanguageServer } from '../server/language-server';
import type { Store } from '../store';
import { toldState } from '../words';
import { indented } from './json-text';
import type { FromView, Remembered, Shown, ToView } from './messages';

const viewType = 'mooring.test';

export class TestPanels implements vscode.Disposable {
  private readonly panels = new Map<string, TestPanel>();
  private readonly subscriptions: vscode.Disposable[];

  constructor(
    private readonly server: LanguageServer,
    private readonly store: Store,
    private readonly folder: vscode.Uri,
  ) {
    this.subscriptions = [
      vscode.window.registerWebviewPanelSerializer(viewType, {
        deserializeWebviewPanel: async (panel, state: Partial<Remembered> | undefined) => {
          if (state?.workspace === undefined || state.service === undefined) {
            panel.dispose();
          } else {
            this.take(panel, state.workspace, state.service);
          }
          await Promise.resolve();
        },
      }),
      store.onDidChange(() => {
        for (const panel of this.panels.values()) {
          void panel.refresh();
        }
      }),
    ];
  }

  open(workspace: string, service: string): void {
    const known = this.panels.get(JSON.stringify([workspace, service]));
    if (known !== undefined) {
      known.reveal();
      return;
    }
    const column = { viewColumn: vscode.ViewColumn.Beside, preserveFocus: false };
    const panel = vscode.window.createWebviewPanel(viewType, `Test ${service}`, column);
    this.take(panel, workspace, service);
  }

  dispose(): void {
    vscode.Disposable.from(...this.subscriptions).dispose();
  }

  private take(panel: vscode.WebviewPanel, workspace: string, service: string): void {
    const key = JSON.stringify([workspace, service]);
    this.panels.set(key, new TestPanel(panel, { workspace, service }, this.server, this.store, this.folder));
    panel.onDidDispose(() => this.panels.delete(key));
  }
}

class TestPanel {
  private isShown = false;
  private lacks = { sample: false, snippets: false };

  constructor(
    private readonly panel: vscode.WebviewPanel,
    private readonly subject: { workspace: string; service: string },
    private readonly server: LanguageServer,
    private readonly store: Store,
    folder: vscode.Uri,
  ) {
    const dist = vscode.Uri.joinPath(folder, 'dist');
    panel.iconPath = {
      light: vscode.Uri.joinPath(folder, 'media', 'test-light.svg'),
      dark: vscode.Uri.joinPath(folder, 'media', 'test-dark.svg'),
    };
    panel.webview.options = { enableScripts: true, localResourceRoots: [dist] };
    panel.webview.onDidReceiveMessage((message: FromView) => void this.receive(message));
    panel.webview.html = page(panel.webview, dist, subject);
  }

  reveal(): void {
    this.panel.reveal();
  }

  /** How the service is, and what could not be told before: the server, or the service, was not there yet. */
  async tellService(): Promise<void> {
    if (!this.isShown || !this.store.isKnown) {
      return;
    }
    const service = this.store.find(this.subject.workspace, this.subject.service);
    this.say({ kind: 'service', service: service === undefined ? null : shown(service) });
    if (service === undefined || service.revision === null) {
      return;
    }
    const { sample, snippets } = this.lacks;
    this.lacks = { sample: false, snippets: false };
    if (sample) {
      await this.tellSample();
    }
    if (snippets) {
      this.say({ kind: 'snippets', ...(await this.server.request('mooring/consume', this.subject)) });
    }
  }

  async refresh(): Promise<void> {
    await this.telling(() => this.tellService());
  }

  private async receive(message: FromView): Promise<void> {
    await this.telling(() => this.answer(message));
  }

  private async telling(action: () => Promise<void>): Promise<void> {
    try {
      await action();
    } catch (error) {
      this.say({ kind: 'trouble', text: error instanceof Error ? error.message : String(error) });
    }
  }

  private async answer(message: FromView): Promise<void> {
    switch (message.kind) {
      case 'ready':
        this.isShown = true;
        this.lacks = { sample: !message.hasText, snippets: true };
        await this.tellService();
        break;
      case 'sample':
        await this.tellSample();
        break;
      case 'send':
        this.say({
          kind: 'answer',
          answer: await this.server.request('mooring/run', { ...this.subject, text: message.text }),
        });
        break;
      case 'copy':
        await vscode.env.clipboard.writeText(message.text);
        vscode.window.setStatusBarMessage(`$(check) ${message.what} is in the clipboard.`, 4000);
        break;
      default:
        await this.delegate(message.kind);
    }
  }

  /** To the commands that do the same elsewhere. */
  private async delegate(kind: 'copyKey' | 'logs'): Promise<void> {
    const { workspace, service } = this.subject;
    const value = this.store.find(workspace, service);
    const command = kind === 'logs' ? 'mooring.openLogs' : 'mooring.copyKey';
    await vscode.commands.executeCommand(command, value === undefined ? { service } : { workspace, value });
  }

  private async tellSample(): Promise<void> {
    const { sample, source } = await this.server.request('mooring/sample', this.subject);
    const text = sample === null || sample === undefined ? '' : indented(sample);
    this.say({ kind: 'sample', text, source: source === 'none' ? null : source });
  }

  private say(message: ToView): void {
    void this.panel.webview.postMessage(message);
  }
}

function shown(service: Service): Shown {
  return {
    name: service.name,
    state: toldState(service),
    tone: service.operation !== null ? 'busy' : service.state === 'Healthy' ? 'good' : 'bad',
    facts: [...service.modelIds, service.computeType.toLowerCase(), service.scoringUri ?? ''].filter(Boolean).join(' · '),
    isKeyed: service.authEnabled,
  };
}

function page(webview: vscode.Webview, dist: vscode.Uri, subject: object): string {
  const nonce = randomBytes(16).toString('base64');
  const script = webview.asWebviewUri(vscode.Uri.joinPath(dist, 'test-view.js')).toString();
  const style = webview.asWebviewUri(vscode.Uri.joinPath(dist, 'test-view.css')).toString();
  const policy = `default-src 'none'; style-src ${webview.cspSource}; script-src 'nonce-${nonce}'`;
  const data = JSON.stringify(subject).replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<link rel="stylesheet" href="${style}">
<title>Test</title>
</head>
<body data-subject="${data}">
<script nonce="${nonce}" src="${script}"></script>
</body>
</html>`;
}
