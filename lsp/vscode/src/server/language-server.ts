/** The language server: found, started, watched, asked. */

import * as vscode from 'vscode';
import {
  ExecuteCommandRequest,
  LanguageClient,
  RevealOutputChannelOn,
  State as ClientState,
  type LanguageClientOptions,
  type Middleware,
} from 'vscode-languageclient/node';

import type { LogBatch, Outcome, Requests } from '../protocol';
import { readSettings, section } from '../settings';
import { ChosenInterpreter } from './interpreter';
import { locateServer, type Found, type Missing } from './locating';

export type Status =
  | { kind: 'untrusted' | 'virtual' | 'starting' | 'stopped' }
  | { kind: 'running'; version: string; found: Found }
  | { kind: 'missing'; missing: Missing }
  | { kind: 'failed'; problem: string };

/** Takes a server's command and carries it out, `next` being the server's own way. */
export type Interceptor = (
  command: string,
  args: unknown[],
  next: (command: string, args: unknown[]) => Thenable<unknown>,
) => Promise<unknown>;

const languages = ['python', 'json', 'jsonc', 'yaml', 'pip-requirements'];

export class LanguageServer implements vscode.Disposable {
  private client: LanguageClient | undefined;
  private current: Status = { kind: 'stopped' };
  private starts = 0;
  private readonly interpreter = new ChosenInterpreter();
  private readonly statusChanged = new vscode.EventEmitter<Status>();
  private readonly executed = new vscode.EventEmitter<void>();
  private readonly storeChanged = new vscode.EventEmitter<{ workspace: string; changed: string[] }>();
  private readonly logsArrived = new vscode.EventEmitter<LogBatch>();
  private readonly logsWanted = new vscode.EventEmitter<{ service: string; workspace: string }>();
  private readonly subscriptions: vscode.Disposable[];

  readonly onDidChangeStatus = this.statusChanged.event;
  /** Models, environments or services are not what they were. */
  readonly onDidChangeStore = this.storeChanged.event;
  /** A command that was asked for here is over. */
  readonly onDidExecute = this.executed.event;
  readonly onDidReceiveLogs = this.logsArrived.event;
  /** The server wants a service's log to be seen. */
  readonly onDidWantLogs = this.logsWanted.event;

  constructor(
    readonly output: vscode.LogOutputChannel,
    private readonly folder: string,
    private readonly intercept: Interceptor,
  ) {
    this.subscriptions = [
      this.interpreter,
      this.statusChanged,
      this.executed,
      this.storeChanged,
      this.logsArrived,
      this.logsWanted,
      this.interpreter.onDidChange(() => void this.restart()),
      vscode.workspace.onDidGrantWorkspaceTrust(() => void this.restart()),
      vscode.workspace.onDidChangeConfiguration(change => {
        if (change.affectsConfiguration(`${section}.server`) || change.affectsConfiguration(`${section}.workspace`)) {
          void this.restart();
        }
      }),
    ];
  }

  get status(): Status {
    return this.current;
  }

  get isRunning(): boolean {
    return this.current.kind === 'running';
  }

  /** Stop what runs, look again, start what is found. */
  async restart(): Promise<void> {
    const start = ++this.starts;
    await this.stopClient();
    const obstacle = whyNot();
    if (obstacle !== undefined) {
      this.become(obstacle);
      return;
    }
    this.become({ kind: 'starting' });
    const found = await this.locate();
    if (start !== this.starts) {
      return; // somebody restarted meanwhile
    }
    if (found.kind === 'missing') {
      this.output.warn(found.problem);
      this.become({ kind: 'missing', missing: found });
      return;
    }
    await this.startClient(found);
  }

  async request<Method extends keyof Requests>(
    method: Method,
    params: Requests[Method][0],
  ): Promise<Requests[Method][1]> {
    return await this.running().sendRequest<Requests[Method][1]>(method, params);
  }

  /** Have the server carry out one of its commands. */
  async execute(command: string, argument: object): Promise<Outcome> {
    const answer: unknown = await this.running().sendRequest(ExecuteCommandRequest.type, {
      command,
      arguments: [argument],
    });
    this.executed.fire();
    return answer as Outcome;
  }

  acknowledge(subscription: string, batch: number): void {
    if (this.isRunning) {
      void this.running().sendNotification('mooring/logs/acknowledge', { subscription, batch });
    }
  }

  async stop(): Promise<void> {
    this.starts++;
    await this.stopClient();
    this.become({ kind: 'stopped' });
  }

  dispose(): void {
    vscode.Disposable.from(...this.subscriptions).dispose();
  }

  private running(): LanguageClient {
    if (this.client === undefined || !this.isRunning) {
      throw new ServerUnavailable(this.current);
    }
    return this.client;
  }

  private async locate(): Promise<Found | Missing> {
    const settings = readSettings();
    return await locateServer({
      command: settings.command,
      interpreter: settings.interpreter,
      active: settings.interpreter === '' ? await this.interpreter.find() : undefined,
      folders: (vscode.workspace.workspaceFolders ?? []).map(folder => folder.uri.fsPath),
      searchPath: process.env.PATH ?? '',
    });
  }

  private async startClient(found: Found): Promise<void> {
    this.output.info(`Starting ${[found.command, ...found.args].join(' ')} (from ${found.origin})`);
    const settings = readSettings();
    const executable = {
      command: found.command,
      args: found.args,
      // Python looks for modules in the folder that it is started in: never the user's.
      options: { cwd: this.folder, env: { ...process.env, ...settings.environment } },
    };
    const client = new LanguageClient(section, 'Mooring', executable, this.clientOptions(settings.workspace));
    this.client = client;
    client.onDidChangeState(({ newState }) => {
      if (client === this.client) {
        this.follow(client, newState, found);
      }
    });
    client.onNotification('mooring/changed', (params: { workspace: string; changed: string[] }) => {
      this.storeChanged.fire(params);
    });
    client.onNotification('mooring/logs', (params: LogBatch) => { this.logsArrived.fire(params); });
    client.onNotification('mooring/showLogs', (params: { service: string; workspace: string }) => {
      this.logsWanted.fire(params);
    });
    try {
      await client.start();
    } catch (error) {
      if (client === this.client) {
        this.become({ kind: 'failed', problem: error instanceof Error ? error.message : String(error) });
      }
    }
  }

  private follow(client: LanguageClient, state: ClientState, found: Found): void {
    if (state === ClientState.Running) {
      this.become({ kind: 'running', version: client.initializeResult?.serverInfo?.version ?? '', found });
    } else if (state === ClientState.Starting) {
      this.become({ kind: 'starting' });
    } else if (this.current.kind !== 'failed') {
      this.become({ kind: 'stopped' });
    }
  }

  private clientOptions(workspace: string): LanguageClientOptions {
    return {
      documentSelector: [
        ...languages.flatMap(language => ['file', 'untitled'].map(scheme => ({ language, scheme }))),
        { scheme: 'file', pattern: '**/*requirements*.txt' },
        { notebook: 'jupyter-notebook', language: 'python' },
      ],
      initializationOptions: {
        showsLogs: true,
        asks: true,
        showsOutcomes: true,
        ...(workspace === '' ? {} : { workspace }),
      },
      outputChannel: this.output,
      revealOutputChannelOn: RevealOutputChannelOn.Never,
      middleware: this.middleware(),
    };
  }

  private middleware(): Middleware {
    return {
      executeCommand: (command, args: unknown[], next) =>
        this.intercept(command, args, (name, given) => next(name, given) as Thenable<unknown>),
      provideCodeLenses: (document, token, next) => (readSettings().showsLenses ? next(document, token) : []),
    };
  }

  private async stopClient(): Promise<void> {
    const client = this.client;
    this.client = undefined;
    if (client !== undefined) {
      await client.dispose().catch((error: unknown) => { this.output.debug(String(error)); });
    }
  }

  private become(status: Status): void {
    this.current = status;
    void vscode.commands.executeCommand('setContext', 'mooring.isReady', this.isRunning);
    void vscode.commands.executeCommand('setContext', 'mooring.status', status.kind);
    this.statusChanged.fire(status);
  }
}

/** Something was asked of a server that does not run. */
export class ServerUnavailable extends Error {
  constructor(readonly status: Status) {
    super(`Mooring's language server is not running. ${reasonOf(status)}`.trim());
  }
}

export function reasonOf(status: Status): string {
  switch (status.kind) {
    case 'missing':
      return status.missing.problem;
    case 'failed':
      return status.problem;
    case 'untrusted':
      return 'It starts when you trust this workspace.';
    case 'virtual':
      return 'It needs a folder on a disk.';
    case 'starting':
      return 'It is starting.';
    default:
      return '';
  }
}

function whyNot(): Status | undefined {
  if (!vscode.workspace.isTrusted) {
    return { kind: 'untrusted' };
  }
  const folders = vscode.workspace.workspaceFolders ?? [];
  const isVirtual = folders.length > 0 && folders.every(folder => folder.uri.scheme !== 'file');
  return isVirtual ? { kind: 'virtual' } : undefined;
}
