/** Follows the logs that were opened: through reloads of the window, restarts of the server, and redeployments. */

import * as vscode from 'vscode';

import type { LogBatch } from '../protocol';
import type { LanguageServer } from '../server/language-server';
import { readSettings } from '../settings';
import type { Store } from '../store';
import { ServiceLog } from './service-log';

const remembered = 'mooring.logs';

interface Opened {
  workspace: string;
  service: string;
}

export class Logs implements vscode.Disposable {
  private readonly logs = new Map<string, ServiceLog>();
  /** Batches of subscriptions that are just being made. */
  private early: LogBatch[] = [];
  private readonly subscriptions: vscode.Disposable[];

  constructor(
    private readonly server: LanguageServer,
    private readonly store: Store,
    private readonly memory: vscode.Memento,
  ) {
    this.subscriptions = [
      server.onDidReceiveLogs(batch => { this.take(batch); }),
      server.onDidWantLogs(({ workspace, service }) => {
        if (readSettings().opensLogs) {
          this.show(workspace, service); // sent when something is deployed; whoever asks for a log asks us
        }
      }),
      server.onDidChangeStatus(() => { this.lose(); }),
      store.onDidChange(() => { this.followAll(); }),
    ];
    for (const { workspace, service } of memory.get<Opened[]>(remembered, [])) {
      this.open(workspace, service);
    }
  }

  /** Bring a service's log to the front, following it. */
  show(workspace: string, service: string): void {
    const log = this.open(workspace, service);
    log.show();
    this.remember();
    void this.follow(log);
  }

  all(): IterableIterator<ServiceLog> {
    return this.logs.values();
  }

  dispose(): void {
    vscode.Disposable.from(...this.subscriptions, ...this.logs.values()).dispose();
  }

  private open(workspace: string, service: string): ServiceLog {
    const key = JSON.stringify([workspace, service]);
    const log = this.logs.get(key) ?? new ServiceLog(workspace, service, readSettings().mostLines);
    this.logs.set(key, log);
    return log;
  }

  private remember(): void {
    const opened = [...this.logs.values()].map(({ workspace, service }): Opened => ({ workspace, service }));
    void this.memory.update(remembered, opened);
  }

  /** The server is another one: it knows nothing of our subscriptions. */
  private lose(): void {
    this.early = [];
    for (const log of this.logs.values()) {
      log.subscription = undefined;
    }
  }

  private followAll(): void {
    if (!this.server.isRunning) {
      return;
    }
    for (const log of this.logs.values()) {
      if (this.store.find(log.workspace, log.service) !== undefined) {
        void this.follow(log);
      }
    }
  }

  private async follow(log: ServiceLog): Promise<void> {
    if (log.subscription !== undefined || !this.server.isRunning) {
      return;
    }
    log.subscription = ''; // asked for
    if (log.hasEnded) {
      log.hasEnded = false;
      log.cursor = undefined; // a new service of the old name: its history begins anew
    }
    try {
      const { workspace, service, cursor } = log;
      const where = cursor === undefined ? { last: readSettings().mostLines } : { cursor };
      const answer = await this.server.request('mooring/logs/subscribe', { workspace, service, ...where });
      log.subscription = answer.subscription;
      this.takeEarly();
    } catch (error) {
      log.subscription = undefined;
      this.server.output.warn(`The log of ${log.service} can't be followed: ${String(error)}`);
    }
  }

  private take(batch: LogBatch): void {
    const log = [...this.logs.values()].find(each => each.subscription === batch.subscription);
    if (log === undefined) {
      this.early.push(batch);
      return;
    }
    log.append(batch.items);
    this.server.acknowledge(batch.subscription, batch.batch);
    if (batch.ended === true) {
      log.note(`${log.service} is gone; this log goes on when it is deployed again`);
      log.hasEnded = true;
      log.subscription = undefined;
    }
  }

  private takeEarly(): void {
    const batches = this.early;
    this.early = [];
    for (const batch of batches) {
      this.take(batch);
    }
  }
}
