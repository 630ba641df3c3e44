/** The editor's side of Mooring: starts the language server and shows what it says. */

import * as vscode from 'vscode';

import { runDemo } from './actions/demo';
import { Deploying } from './actions/deploying';
import { FileActions } from './actions/files';
import { interceptor } from './actions/interception';
import { guarded } from './actions/messages';
import { ServiceActions } from './actions/services';
import { linkLogs } from './logs/links';
import { Logs } from './logs/logs';
import { SchemaFiles } from './schemas';
import { Installing } from './server/installing';
import { LanguageServer } from './server/language-server';
import { StatusBar } from './status-bar';
import { Store } from './store';
import { TestPanels } from './testing/test-panel';
import { EnvironmentsTree } from './views/environments';
import { ModelsTree, type VersionNode } from './views/models';
import { ServicesTree } from './views/services';
import { TargetsTree } from './views/targets';

let running: LanguageServer | undefined;

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  const output = vscode.window.createOutputChannel('Mooring', { log: true });
  const server: LanguageServer = new LanguageServer(output, context.extensionPath, interceptor(() => deploying));
  const store = new Store(server);
  const logs = new Logs(server, store, context.workspaceState);
  const tests = new TestPanels(server, store, context.extensionUri);
  const deploying = new Deploying(server, store, logs);
  const models = new ModelsTree(store, server);
  const installing = new Installing(server, context.workspaceState);
  running = server;
  context.subscriptions.push(
    output,
    server,
    store,
    logs,
    new SchemaFiles(server, context.extensionUri),
    linkLogs(logs),
    tests,
    installing,
    new ServicesTree(store, server),
    models,
    new EnvironmentsTree(store),
    new TargetsTree(store),
    new StatusBar(server, store),
    ...serverCommands(server, store, installing),
    ...fileCommands(new FileActions(server, deploying)),
    ...serviceCommands(new ServiceActions(server, store, logs, tests)),
    command('mooring.moreVersions', name => { models.showMore(String(name)); }),
    command('mooring.copyModelId', node => vscode.env.clipboard.writeText((node as VersionNode).value.id)),
  );
  await server.restart();
}

export async function deactivate(): Promise<void> {
  await running?.stop();
}

function serverCommands(server: LanguageServer, store: Store, installing: Installing): vscode.Disposable[] {
  const walkthrough = 'mooring.mooring#mooring.start';
  let isWalkthroughKnown = false;
  /** A walkthrough never hears of what was so before the editor had read it: so it has a key of its own, set after that. */
  const tickInstalled = (): void => {
    void vscode.commands.executeCommand('setContext', 'mooring.isReadyAfterAll', isWalkthroughKnown && server.isRunning);
  };
  return [
    command('mooring.restartServer', () => server.restart()),
    command('mooring.installServer', () => installing.install()),
    command('mooring.showServerLog', () => { server.output.show(); }),
    command('mooring.refresh', () => { store.refresh(); }),
    command('mooring.demo', () => runDemo(server)),
    command('mooring.walkthrough', async () => {
      await vscode.commands.executeCommand('workbench.action.openWalkthrough', walkthrough, false);
      isWalkthroughKnown = true;
      tickInstalled();
    }),
    server.onDidChangeStatus(tickInstalled),
  ];
}

function fileCommands(files: FileActions): vscode.Disposable[] {
  const uriOf = (given: unknown): vscode.Uri | undefined => (given instanceof vscode.Uri ? given : undefined);
  return [
    command('mooring.deployFile', given => files.deploy(uriOf(given))),
    command('mooring.registerFile', given => files.register(uriOf(given))),
    command('mooring.newInferenceConfig', given => files.create('mooring.createInferenceConfig', uriOf(given))),
    command('mooring.newDeploymentConfig', given => files.create('mooring.createDeploymentConfig', uriOf(given))),
    command('mooring.newSample', given => files.create('mooring.generateSample', uriOf(given))),
  ];
}

function serviceCommands(services: ServiceActions): vscode.Disposable[] {
  return [
    command('mooring.openTest', given => services.test(given)),
    command('mooring.openLogs', given => services.showLogs(given)),
    command('mooring.updateService', given => services.change('mooring.update', given)),
    command('mooring.reloadService', given => services.change('mooring.reload', given)),
    command('mooring.rollbackService', given => services.change('mooring.rollback', given)),
    command('mooring.stopService', given => services.stop(given)),
    command('mooring.copyUrl', given => services.copyUrl(given)),
    command('mooring.copyKey', given => services.copyKey(given)),
    command('mooring.openScript', given => services.openScript(given)),
    command('mooring.showFailure', given => services.showFailure(given)),
    command('mooring.chooseAction', given => services.choose(given)),
  ];
}

function command(id: string, action: (given: unknown) => unknown): vscode.Disposable {
  return vscode.commands.registerCommand(id, (given: unknown) => guarded(async () => { await action(given); }));
}
