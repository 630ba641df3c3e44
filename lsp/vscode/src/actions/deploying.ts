/** From a file to a service: where to, under which name, and on with it. */

import * as vscode from 'vscode';

import type { Proposal, Service } from '../protocol';
import type { LanguageServer } from '../server/language-server';
import type { Logs } from '../logs/logs';
import { readSettings } from '../settings';
import type { Store } from '../store';
import { wentWell } from './messages';

/** What is already decided: by a lens, a code action, or nobody. */
export interface DeployArguments {
  uri: string;
  service?: string;
  models?: string[];
  inferenceConfig?: string;
  deploymentConfig?: string;
  computeType?: string;
  overwrite?: boolean;
}

interface Choice {
  computeType: string;
  service: string;
}

const rename: vscode.QuickInputButton = { iconPath: new vscode.ThemeIcon('edit'), tooltip: 'Deploy under another name' };

export class Deploying {
  constructor(
    private readonly server: LanguageServer,
    private readonly store: Store,
    private readonly logs: Logs,
  ) {}

  /** Deploy what a file stands for, asking only for what was not said. */
  async deploy(given: DeployArguments): Promise<void> {
    await saveIfOpen(given.uri);
    const proposal = await this.server.request('mooring/proposal', given);
    const choice = given.computeType === undefined ? await chooseWhere(proposal) : undefined;
    if (given.computeType === undefined && choice === undefined) {
      return;
    }
    const service = choice?.service ?? given.service ?? proposal.service;
    const exists = this.exists(service) || (proposal.exists && service === proposal.service);
    const watching = this.watchFor(service);
    try {
      const outcome = await this.server.execute('mooring.deploy', {
        ...given,
        service,
        ...(choice === undefined ? {} : { computeType: choice.computeType }),
        ...(exists ? { overwrite: true } : {}),
      });
      if (wentWell(outcome) && typeof outcome.service === 'object') {
        await this.tellHealthy(outcome.service);
      }
    } finally {
      watching.dispose();
    }
  }

  private exists(service: string): boolean {
    return this.store.services.some(each => each.value.name === service);
  }

  /** Show the log as soon as the service has one. */
  private watchFor(service: string): vscode.Disposable {
    if (!readSettings().opensLogs) {
      return new vscode.Disposable(() => undefined);
    }
    const watching = this.store.onDidChange(() => {
      const found = this.store.services.find(each => each.value.name === service && each.value.operation !== null);
      if (found !== undefined) {
        this.logs.show(found.workspace, service);
        watching.dispose();
      }
    });
    return watching;
  }

  private async tellHealthy(service: Service): Promise<void> {
    const placed = this.store.services.find(each => each.value.name === service.name);
    const serving = service.modelIds.length === 0 ? '' : `, serving ${service.modelIds.join(', ')}`;
    const text = `${service.name} is ${service.state}${serving}.`;
    const chosen = await vscode.window.showInformationMessage(text, 'Test', 'Logs');
    const node = { kind: 'service', workspace: placed?.workspace ?? '', value: service };
    if (chosen === 'Test') {
      await vscode.commands.executeCommand('mooring.openTest', node);
    } else if (chosen === 'Logs') {
      await vscode.commands.executeCommand('mooring.openLogs', node);
    }
  }
}

/** What is deployed is what is on disk. */
async function saveIfOpen(uri: string): Promise<void> {
  const document = vscode.workspace.textDocuments.find(each => each.uri.toString() === uri && each.isDirty);
  await document?.save();
}

async function chooseWhere(proposal: Proposal): Promise<Choice | undefined> {
  let service = proposal.service;
  for (;;) {
    const answer = await pick(proposal, service);
    if (answer === undefined) {
      return undefined;
    }
    if (typeof answer === 'string') {
      return { computeType: answer, service };
    }
    service = (await askName(service)) ?? service;
  }
}

function pick(proposal: Proposal, service: string): Promise<string | typeof rename | undefined> {
  const quickPick = vscode.window.createQuickPick<vscode.QuickPickItem & { computeType: string }>();
  const what = proposal.models.length === 0 ? 'the script alone' : proposal.models.join(', ');
  const replaces = proposal.exists && service === proposal.service;
  quickPick.title = replaces ? `Deploy ${what} in place of ${service}` : `Deploy ${what} as ${service}`;
  quickPick.placeholder = replaces ? 'Its address and keys stay' : 'Where should it run?';
  quickPick.buttons = [rename];
  quickPick.items = proposal.choices.map(({ computeType, title }) => ({
    label: `$(${computeType === proposal.computeType ? 'rocket' : 'server-environment'}) ${capitalised(title)}`,
    description: computeType === proposal.computeType ? 'proposed' : '',
    computeType,
  }));
  quickPick.activeItems = quickPick.items.filter(item => item.computeType === proposal.computeType);
  return new Promise(resolve => {
    quickPick.onDidAccept(() => {
      resolve(quickPick.activeItems[0]?.computeType);
      quickPick.dispose();
    });
    quickPick.onDidTriggerButton(() => {
      resolve(rename);
      quickPick.dispose();
    });
    quickPick.onDidHide(() => { resolve(undefined); });
    quickPick.show();
  });
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

async function askName(service: string): Promise<string | undefined> {
  return await vscode.window.showInputBox({
    title: 'Name of the service',
    value: service,
    prompt: 'Part of its address; an existing one of this name is replaced',
  });
}
