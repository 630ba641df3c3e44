/** One item in the status bar: how the services are; and one about the server, beside the file's language. */

import * as vscode from 'vscode';

import type { Service } from './protocol';
import { reasonOf, type LanguageServer, type Status } from './server/language-server';
import type { Store } from './store';
import { toldState } from './words';

export class StatusBar implements vscode.Disposable {
  private readonly item = vscode.window.createStatusBarItem('mooring.services', vscode.StatusBarAlignment.Left, 10);
  private readonly language = vscode.languages.createLanguageStatusItem('mooring.server', [
    { language: 'python' },
    { language: 'json' },
    { language: 'yaml' },
  ]);
  private readonly subscriptions: vscode.Disposable[];

  constructor(
    private readonly server: LanguageServer,
    private readonly store: Store,
  ) {
    this.item.name = 'Mooring';
    this.language.name = 'Mooring';
    this.subscriptions = [
      this.item,
      this.language,
      server.onDidChangeStatus(() => { this.show(); }),
      store.onDidChange(() => { this.show(); }),
    ];
    this.show();
  }

  dispose(): void {
    vscode.Disposable.from(...this.subscriptions).dispose();
  }

  private show(): void {
    this.showServer(this.server.status);
    if (this.server.isRunning) {
      this.showServices(this.store.services.map(({ value }) => value));
    } else {
      const { kind } = this.server.status;
      this.item.text = kind === 'starting' ? '$(loading~spin) Mooring' : '$(circle-slash) Mooring';
      this.item.tooltip = reasonOf(this.server.status);
      this.item.command = kind === 'missing' ? 'mooring.installServer' : 'mooring.showServerLog';
      this.item.backgroundColor = kind === 'failed' ? new vscode.ThemeColor('statusBarItem.errorBackground') : undefined;
    }
    this.item.show();
  }

  private showServices(services: readonly Service[]): void {
    const busy = services.find(service => service.operation !== null);
    const broken = services.filter(service => service.operation === null && service.state !== 'Healthy');
    this.item.text = textFor(services, busy, broken);
    this.item.tooltip = services.length === 0
      ? 'Mooring: no services yet'
      : services.map(service => `${service.name}: ${toldState(service)}`).join('\n');
    this.item.command = 'mooring.services.focus';
    this.item.backgroundColor = broken.length > 0 && busy === undefined
      ? new vscode.ThemeColor('statusBarItem.warningBackground')
      : undefined;
  }

  private showServer(status: Status): void {
    this.language.busy = status.kind === 'starting';
    this.language.severity = status.kind === 'missing' || status.kind === 'failed'
      ? vscode.LanguageStatusSeverity.Warning
      : vscode.LanguageStatusSeverity.Information;
    if (status.kind === 'running') {
      this.language.text = `Mooring ${status.version}`;
      this.language.detail = `from ${status.found.origin}`;
      this.language.command = { title: 'Restart', command: 'mooring.restartServer' };
    } else {
      this.language.text = `Mooring: ${status.kind}`;
      this.language.detail = reasonOf(status);
      this.language.command = status.kind === 'missing'
        ? { title: 'Install…', command: 'mooring.installServer' }
        : { title: 'Show Log', command: 'mooring.showServerLog' };
    }
  }
}

function textFor(services: readonly Service[], busy: Service | undefined, broken: readonly Service[]): string {
  if (busy !== undefined) {
    return `$(sync~spin) ${busy.name}: ${busy.phase?.phase ?? busy.operation?.kind ?? ''}`;
  }
  const [first] = broken;
  if (first !== undefined) {
    return broken.length === 1 ? `$(warning) ${first.name} ${first.state}` : `$(warning) ${String(broken.length)} services`;
  }
  if (services.length === 0) {
    return '$(rocket) Mooring';
  }
  return services.length === 1 ? `$(rocket) ${services[0]?.name ?? ''}` : `$(rocket) ${String(services.length)} services`;
}
