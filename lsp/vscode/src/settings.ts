/** The settings, with `${workspaceFolder}`, `${userHome}` and `${env:NAME}` filled in. */

import * as os from 'node:os';
import * as vscode from 'vscode';

export const section = 'mooring';

export interface Settings {
  command: string[];
  interpreter: string;
  environment: Record<string, string>;
  package: string;
  workspace: string;
  showsLenses: boolean;
  opensLogs: boolean;
  mostLines: number;
}

export function readSettings(): Settings {
  const settings = vscode.workspace.getConfiguration(section);
  const environment = settings.get<Record<string, string>>('server.environment', {});
  return {
    command: settings.get<string[]>('server.command', []).map(filled),
    interpreter: filled(settings.get<string>('server.interpreter', '')),
    environment: Object.fromEntries(Object.entries(environment).map(([name, value]) => [name, filled(value)])),
    package: settings.get<string>('server.package', ''),
    workspace: settings.get<string>('workspace', ''),
    showsLenses: settings.get<boolean>('codeLens.enabled', true),
    opensLogs: settings.get<boolean>('logs.openOnDeploy', true),
    mostLines: settings.get<number>('logs.maximumLines', 10_000),
  };
}

function filled(text: string): string {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? '';
  return text
    .replaceAll('${workspaceFolder}', folder)
    .replaceAll('${userHome}', os.homedir())
    .replace(/\$\{env:([^}]+)\}/g, (_, name: string) => process.env[name] ?? '');
}
