/** What can be done to a service, from the tree, the palette or a lens. */

import * as vscode from 'vscode';

import type { Logs } from '../logs/logs';
import type { Service } from '../protocol';
import type { LanguageServer } from '../server/language-server';
import type { Placed, Store } from '../store';
import type { TestPanels } from '../testing/test-panel';
import { iconOf, toldState } from '../words';
import { openLine, wentWell } from './messages';

type Subject = Placed<Service>;

export class ServiceActions {
  constructor(
    private readonly server: LanguageServer,
    private readonly store: Store,
    private readonly logs: Logs,
    private readonly tests: TestPanels,
  ) {}

  async test(given: unknown): Promise<void> {
    const subject = await this.subjectOf(given, 'Test which service?');
    if (subject !== undefined) {
      this.tests.open(subject.workspace, subject.value.name);
    }
  }

  async showLogs(given: unknown): Promise<void> {
    const subject = await this.subjectOf(given, 'Show the log of which service?');
    if (subject !== undefined) {
      this.logs.show(subject.workspace, subject.value.name);
    }
  }

  async change(command: 'mooring.update' | 'mooring.reload' | 'mooring.rollback', given: unknown): Promise<void> {
    const subject = await this.subjectOf(given, 'Change which service?');
    if (subject === undefined) {
      return;
    }
    await saveScript(subject.value);
    const { workspace, value } = subject;
    const outcome = await this.server.execute(command, { workspace, service: value.name });
    if (wentWell(outcome) && typeof outcome.service === 'object') {
      const { name, modelIds, revision } = outcome.service;
      const serving = modelIds.length === 0 ? 'no model' : modelIds.join(', ');
      void vscode.window.showInformationMessage(`${name} serves ${serving} (revision ${String(revision ?? 1)}).`);
    }
  }

  async stop(given: unknown): Promise<void> {
    const subject = await this.subjectOf(given, 'Stop which service?');
    if (subject === undefined) {
      return;
    }
    const { workspace, value } = subject;
    const chosen = await vscode.window.showWarningMessage(
      `Stop ${value.name}?`,
      { modal: true, detail: 'The service, its address and its keys are deleted. Its models stay registered.' },
      'Stop',
    );
    if (chosen === 'Stop') {
      const outcome = await this.server.execute('mooring.stop', { workspace, service: value.name, confirmed: true });
      wentWell(outcome);
    }
  }

  async copyUrl(given: unknown): Promise<void> {
    const subject = await this.subjectOf(given, 'Copy the address of which service?');
    const url = subject?.value.scoringUri ?? undefined;
    if (url !== undefined) {
      await copy(url, 'The address is in the clipboard.');
    }
  }

  async copyKey(given: unknown): Promise<void> {
    const subject = await this.subjectOf(given, 'Copy the key of which service?');
    if (subject !== undefined) {
      const { workspace, value } = subject;
      const { primary } = await this.server.request('mooring/keys', { workspace, service: value.name });
      await copy(primary, `The primary key of ${value.name} is in the clipboard.`);
    }
  }

  async openScript(given: unknown): Promise<void> {
    const subject = await this.subjectOf(given, 'Open the script of which service?');
    const uri = subject?.value.scriptUri ?? undefined;
    if (uri !== undefined) {
      await vscode.window.showTextDocument(vscode.Uri.parse(uri));
    }
  }

  /** The line that a failure is about; the log when there is none. */
  async showFailure(given: unknown): Promise<void> {
    const subject = await this.subjectOf(given, 'Show the failure of which service?');
    const excerpt = subject?.value.error?.excerpt ?? undefined;
    if (excerpt !== undefined) {
      await openLine(excerpt.path, excerpt.line);
    } else if (subject !== undefined) {
      this.logs.show(subject.workspace, subject.value.name);
    }
  }

  /** Every action there is on one service, to choose from. */
  async choose(given: unknown): Promise<void> {
    const subject = await this.subjectOf(given, 'Which service?');
    if (subject === undefined) {
      return;
    }
    const { value } = subject;
    const items = [
      { label: '$(beaker) Test', command: 'mooring.openTest' },
      { label: '$(output) Show Log', command: 'mooring.openLogs' },
      { label: '$(cloud-upload) Update', command: 'mooring.updateService' },
      { label: '$(refresh) Reload Script', command: 'mooring.reloadService' },
      { label: '$(discard) Roll Back', command: 'mooring.rollbackService' },
      { label: '$(link) Copy Address', command: 'mooring.copyUrl' },
      { label: '$(stop-circle) Stop…', command: 'mooring.stopService' },
    ];
    const chosen = await vscode.window.showQuickPick(items, { title: `${value.name} — ${toldState(value)}` });
    if (chosen !== undefined) {
      await vscode.commands.executeCommand(chosen.command, { kind: 'service', ...subject });
    }
  }

  /** From a node of the tree, the fields of a server's command, or by asking. */
  private async subjectOf(given: unknown, question: string): Promise<Subject | undefined> {
    if (isPlaced(given)) {
      return this.fresh(given);
    }
    const named = nameIn(given);
    const found = this.store.services.filter(each => named === undefined || each.value.name === named);
    if (named === undefined && found.length === 0) {
      void vscode.window.showInformationMessage('There is no service yet: deploy a model first.');
    }
    if (named !== undefined || found.length < 2) {
      return found[0] ?? (named === undefined ? undefined : await this.ask(given as { service: string; uri?: string }));
    }
    return await pickService(found, question);
  }

  private fresh(subject: Subject): Subject {
    const value = this.store.find(subject.workspace, subject.value.name) ?? subject.value;
    return { workspace: subject.workspace, value };
  }

  /** A service that is newer than what we know. */
  private async ask({ service, uri }: { service: string; uri?: string }): Promise<Subject> {
    const scope = uri === undefined ? {} : { uri };
    const [value, overview] = await Promise.all([
      this.server.request('mooring/service', { ...scope, service }),
      this.server.request('mooring/overview', scope),
    ]);
    return { workspace: overview.workspace.name, value };
  }
}

async function pickService(found: readonly Subject[], question: string): Promise<Subject | undefined> {
  const items = found.map(subject => ({
    label: subject.value.name,
    description: [toldState(subject.value), ...subject.value.modelIds].join(' · '),
    iconPath: iconOf(subject.value),
    subject,
  }));
  return (await vscode.window.showQuickPick(items, { title: question }))?.subject;
}

/** The script on disk is what is started. */
async function saveScript(service: Service): Promise<void> {
  const document = vscode.workspace.textDocuments.find(
    each => each.isDirty && each.uri.toString() === (service.scriptUri ?? ''),
  );
  await document?.save();
}

async function copy(text: string, told: string): Promise<void> {
  await vscode.env.clipboard.writeText(text);
  vscode.window.setStatusBarMessage(`$(check) ${told}`, 4000);
}

function isPlaced(given: unknown): given is Subject {
  return typeof given === 'object' && given !== null && 'workspace' in given && 'value' in given;
}

function nameIn(given: unknown): string | undefined {
  const service: unknown = typeof given === 'object' && given !== null && 'service' in given ? given.service : undefined;
  return typeof service === 'string' ? service : undefined;
}
