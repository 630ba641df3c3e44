/** Commands of the server that this editor has a better view for: lenses and code actions lead there. */

import * as vscode from 'vscode';

import type { Interceptor } from '../server/language-server';
import type { Outcome } from '../protocol';
import type { Deploying, DeployArguments } from './deploying';
import { guarded, wentWell } from './messages';

const views: Record<string, string> = {
  'mooring.test': 'mooring.openTest',
  'mooring.showLogs': 'mooring.openLogs',
  'mooring.update': 'mooring.updateService',
  'mooring.reload': 'mooring.reloadService',
  'mooring.rollback': 'mooring.rollbackService',
  'mooring.stop': 'mooring.stopService',
  'mooring.actions': 'mooring.chooseAction',
  'mooring.showService': 'mooring.chooseAction',
};

export function interceptor(deploying: () => Deploying): Interceptor {
  return async (command, args, next) => {
    const view = views[command];
    const [given] = args;
    if (view !== undefined) {
      return await vscode.commands.executeCommand(view, given);
    }
    if (command === 'mooring.deploy') {
      await guarded(() => deploying().deploy(given as DeployArguments));
      return undefined;
    }
    const answer = (await next(command, args)) as Outcome | null;
    if (answer !== null && typeof answer === 'object' && wentWell(answer)) {
      tellMade(answer);
    }
    return answer;
  };
}

function tellMade({ model, uri }: Outcome): void {
  if (model !== undefined) {
    void vscode.window.showInformationMessage(`Registered ${model.id}.`);
  } else if (uri !== undefined) {
    void vscode.window.showTextDocument(vscode.Uri.parse(uri), { preview: false });
  }
}
