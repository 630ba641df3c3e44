/** Long work in Lab's notifications: progress while it runs, the outcome at its end, also when the page was left meanwhile. */

import { Notification } from '@jupyterlab/apputils';
import { CommandRegistry } from '@lumino/commands';

import { IJob } from './api/types';
import { CommandIDs } from './commands';
import { Store } from './store';

const SEEN = 'mooring:jobs-seen';

/** Which jobs' ends were told in this browser; kept over a reload. */
export class Notifications {
  constructor(
    private readonly store: Store,
    private readonly commands: CommandRegistry,
    private readonly isWanted: () => boolean
  ) {
    store.jobTold.connect((_, job) => this.tell(job));
  }

  private tell(job: IJob): void {
    if (!this.isWanted()) {
      return;
    }
    if (job.status === 'running') {
      this.running.add(job.id);
      remember(job.id, true);
      this.show(job, job.phase ? `${job.title}: ${job.phase} ${job.text}` : `${job.title}…`, 'in-progress');
      return;
    }
    // An end is news when this page saw it run, or was looking on when it was left.
    if (this.running.delete(job.id) || recall().includes(job.id)) {
      remember(job.id, false);
      this.end(job);
    }
  }

  private end(job: IJob): void {
    const told = {
      done: `${job.title}: done`,
      failed: `${job.title} failed: ${job.error?.failure?.cause ?? job.error?.problem ?? ''}`,
      cancelled: `${job.title}: cancelled, and undone`,
      running: ''
    }[job.status];
    this.show(job, told, job.status === 'done' ? 'success' : job.status === 'failed' ? 'error' : 'warning');
    this.shown.delete(job.id);
  }

  private show(job: IJob, message: string, type: Notification.TypeOptions): void {
    const isRunning = job.status === 'running';
    const options = {
      autoClose: isRunning || job.status === 'failed' ? (false as const) : 6000,
      progress: isRunning && job.share !== null ? job.share : undefined,
      actions: this.actions(job)
    };
    const id = this.shown.get(job.id);
    if (id && Notification.manager.has(id)) {
      Notification.update({ id, message, type, ...options });
    } else if (!isRunning || id === undefined) {
      // Closed while the work went on: it comes back with the outcome only.
      this.shown.set(job.id, Notification.emit(message, type, options));
    }
  }

  private actions(job: IJob): Notification.IAction[] {
    const openService = (label: string, tab: string): Notification.IAction => ({
      label,
      callback: () => void this.commands.execute(CommandIDs.openService, { name: job.subject, tab })
    });
    if (job.status === 'running') {
      return [{ label: 'Cancel', callback: () => void this.store.cancel(job) }];
    }
    if (job.kind === 'register' && job.result) {
      const model = job.result;
      return [
        {
          label: `Deploy ${model}…`,
          callback: () => void this.commands.execute(CommandIDs.deploy, { models: [model] })
        }
      ];
    }
    const hasService = this.store.service(job.subject) !== undefined && job.kind !== 'delete';
    if (job.status === 'done' && hasService) {
      return [openService('Test', 'test'), openService('Open', 'details')];
    }
    return hasService ? [openService('Deployment logs', 'logs')] : [];
  }

  private running = new Set<string>();
  private shown = new Map<string, string>();
}

function recall(): string[] {
  try {
    return JSON.parse(localStorage.getItem(SEEN) ?? '[]') as string[];
  } catch {
    return [];
  }
}

function remember(id: string, isRunning: boolean): void {
  const others = recall().filter(each => each !== id);
  localStorage.setItem(SEEN, JSON.stringify(isRunning ? [...others, id].slice(-50) : others));
}
