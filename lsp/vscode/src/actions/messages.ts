/** What the user is told when something went well, or did not. */

import * as vscode from 'vscode';

import type { Failure, Outcome } from '../protocol';
import { ServerUnavailable, type Status } from '../server/language-server';

/** Run an action; what it throws becomes a message with a way out. */
export async function guarded(action: () => Promise<void>): Promise<void> {
  try {
    await action();
  } catch (error) {
    await tellTrouble(error);
  }
}

async function tellTrouble(error: unknown): Promise<void> {
  const text = error instanceof Error ? error.message : String(error);
  const wayOut = error instanceof ServerUnavailable ? wayOutOf(error.status) : undefined;
  if (wayOut === undefined) {
    await vscode.window.showErrorMessage(text);
    return;
  }
  const chosen = await vscode.window.showErrorMessage(text, wayOut.title);
  if (chosen !== undefined) {
    await vscode.commands.executeCommand(wayOut.command);
  }
}

function wayOutOf(status: Status): vscode.Command | undefined {
  switch (status.kind) {
    case 'missing':
      return { title: 'Install…', command: 'mooring.installServer' };
    case 'untrusted':
      return { title: 'Manage Trust', command: 'workbench.trust.manage' };
    case 'failed':
    case 'stopped':
      return { title: 'Show Log', command: 'mooring.showServerLog' };
    default:
      return undefined;
  }
}

/** A command that failed: the sentence, and the place in the source when there is one. */
export async function tellFailure(failure: Failure): Promise<void> {
  const cause = failure.failure?.cause ?? failure.problem;
  const remedy = failure.failure?.remedy ?? failure.remedy;
  const excerpt = failure.failure?.excerpt ?? null;
  const actions = excerpt === null ? [] : ['Go to Line'];
  if (excerpt === null && failure.findings.length > 0) {
    actions.push('Show Problems');
  }
  const chosen = await vscode.window.showErrorMessage(`${cause} ${remedy}`.trim(), ...actions);
  if (chosen === 'Go to Line' && excerpt !== null) {
    await openLine(excerpt.path, excerpt.line);
  } else if (chosen === 'Show Problems') {
    await vscode.commands.executeCommand('workbench.actions.view.problems');
  }
}

/** Tells a failure; whether all went well. */
export function wentWell(outcome: Outcome): boolean {
  if (outcome.error !== undefined) {
    void tellFailure(outcome.error);
  }
  return outcome.ok;
}

/** Lines count from 1. */
export async function openLine(file: string, line: number): Promise<void> {
  const at = new vscode.Position(Math.max(0, line - 1), 0);
  await vscode.window.showTextDocument(vscode.Uri.file(file), { selection: new vscode.Range(at, at) });
}
