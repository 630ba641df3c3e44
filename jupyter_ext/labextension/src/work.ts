/** The commands: each asks what has to be asked, sends one request, and shows what came of it. */

import { JupyterFrontEnd } from '@jupyterlab/application';
import { Dialog, Notification, showDialog, showErrorMessage } from '@jupyterlab/apputils';
import { FileDialog, IDefaultFileBrowser, IFileBrowserFactory } from '@jupyterlab/filebrowser';
import { ReadonlyPartialJSONObject } from '@lumino/coreutils';

import { at, problemOf } from './api/request';
import { IEnvironment, IFileFacts, IFilePath, IFindings, IJob } from './api/types';
import { CommandIDs, MODEL_FILES } from './commands';
import { Documents } from './documents';
import { IAsked, askedOf, askedOfService, nothingAsked } from './forms/asked';
import { askForEnvironment, askForModel } from './forms/register';
import { mooringIcon } from './icons';
import { baseName } from './parts';
import { Store } from './store';

type Args = ReadonlyPartialJSONObject;

export interface IAround {
  app: JupyterFrontEnd;
  store: Store;
  documents: Documents;
  files: IFileBrowserFactory | null;
  browser: IDefaultFileBrowser | null;
  asksBeforeDelete: () => boolean;
}

export function addCommands(around: IAround): void {
  const { app, store, documents } = around;
  const add = (id: string, label: string, execute: (args: Args) => unknown, more: object = {}) =>
    app.commands.addCommand(id, {
      label,
      describedBy: { args: { type: 'object' } },
      execute: args => told(() => execute(args)),
      ...more
    });
  const withFile = (fits: (path: string) => boolean) => ({
    isVisible: (args: Args) => isFile(around, args, fits),
    isEnabled: () => true
  });

  add(CommandIDs.register, 'Register as a Model…', args => register(around, args), { icon: mooringIcon });
  add(CommandIDs.registerEnvironment, 'Register as an Environment…', args => registerEnvironment(around, args), {
    icon: mooringIcon,
    ...withFile(path => /\.(ya?ml)$|requirements.*\.txt$/i.test(path))
  });
  add(CommandIDs.deploy, 'Deploy a Model…', async args => documents.deploy(await asked(around, args), fileOf(around, args)), {
    icon: mooringIcon,
    label: (args: Args) => (args.isContext ? 'Deploy This Model…' : 'Deploy a Model…'),
    caption: 'Deploy a model behind a URL',
    isVisible: (args: Args) => !args.isContext || isFile(around, args, isDeployable)
  });
  add(CommandIDs.check, 'Check with Mooring', args => check(around, args), {
    icon: mooringIcon,
    ...withFile(path => /\.(py|json|ya?ml|ipynb)$/i.test(path))
  });
  add(CommandIDs.deployDemo, 'Deploy the Demo Model', async () =>
    store.take(await store.api.post<IJob>('demo', {}))
  , { icon: mooringIcon });
  add(CommandIDs.openModel, 'Open Model', args => documents.openModel(String(args.name)));
  add(CommandIDs.deleteModel, 'Delete Model Version…', args => deleteModel(around, args));
  add(CommandIDs.openService, 'Open Endpoint', args => documents.openService(String(args.name), args.tab as never));
  add(CommandIDs.updateService, 'Update Endpoint…', args => {
    const service = store.service(String(args.name));
    return service && documents.deploy(askedOfService(service));
  });
  add(CommandIDs.reloadService, 'Reload Endpoint', async args =>
    store.take(await store.api.post<IJob>(at('services', String(args.name), 'reload')))
  );
  add(CommandIDs.rollbackService, 'Roll Endpoint Back', async args =>
    store.take(await store.api.post<IJob>(at('services', String(args.name), 'rollback')))
  );
  add(CommandIDs.deleteService, 'Delete Endpoint…', args => deleteService(around, args));
  add(CommandIDs.openSource, 'Open Source of a Failure', args => openSource(around, args));
}

/** Every failure is shown in the server's own words. */
async function told(work: () => unknown): Promise<unknown> {
  try {
    return await work();
  } catch (error) {
    const problem = problemOf(error);
    void showErrorMessage('Mooring', `${problem.problem}\n\n${problem.remedy}`.trim());
    return undefined;
  }
}

async function register(around: IAround, args: Args): Promise<void> {
  const { store } = around;
  const path = pathOf(around, args) ?? (await pickFile(around, 'Choose the model file'));
  if (!path) {
    return;
  }
  const facts = await store.api.get<IFileFacts>('files', { path });
  const wanted = await askForModel(path, facts);
  if (wanted) {
    store.take(await store.api.post<IJob>('models', wanted));
  }
}

async function registerEnvironment(around: IAround, args: Args): Promise<void> {
  const { store } = around;
  const path = pathOf(around, args) ?? (await pickFile(around, 'Choose a conda or requirements file'));
  if (!path) {
    return;
  }
  const facts = await store.api.get<IFileFacts>('files', { path });
  const wanted = await askForEnvironment(path, facts.suggestedName);
  if (wanted) {
    const made = await store.api.post<IEnvironment>('environments', wanted);
    Notification.success(`Registered the environment ${made.name}:${made.version}`);
  }
}

/** What the deploy form begins with: the models given, the file under the cursor, or nothing. */
async function asked(around: IAround, args: Args): Promise<IAsked> {
  const models = args.models as string[] | undefined;
  if (models) {
    const name = models[0].replace(/:\d+$/, '').toLowerCase().replace(/[^a-z0-9-]/g, '-');
    return { ...nothingAsked(), models: [...models], name };
  }
  const path = fileOf(around, args);
  return path ? askedOf(await around.store.api.get<IFileFacts>('files', { path })) : nothingAsked();
}

/** The file that a deployment is to begin with. */
function fileOf(around: IAround, args: Args): string | null {
  return args.isContext || args.path ? pathOf(around, args) : null;
}

async function check(around: IAround, args: Args): Promise<void> {
  const path = pathOf(around, args);
  if (!path) {
    return;
  }
  const { findings } = await around.store.api.get<IFindings>('files/findings', { path });
  if (!findings.length) {
    Notification.success(`${baseName(path)}: no findings`, { autoClose: 4000 });
    return;
  }
  around.documents.showFindings(path, findings);
}

async function deleteModel({ app, store }: IAround, args: Args): Promise<void> {
  const id = `${String(args.name)}:${String(args.version)}`;
  const answer = await showDialog({
    title: `Delete ${id}?`,
    body: 'Services that use it keep it: then nothing is deleted. Its number is never given again.',
    buttons: [Dialog.cancelButton(), Dialog.warnButton({ label: 'Delete' })]
  });
  if (answer.button.accept) {
    await store.api.delete(at('models', String(args.name), 'versions', String(args.version)));
    await store.read('models');
    Notification.success(`Deleted ${id}`, { autoClose: 4000 });
    await app.restored;
  }
}

async function deleteService({ store, asksBeforeDelete }: IAround, args: Args): Promise<void> {
  const name = String(args.name);
  if (asksBeforeDelete()) {
    const answer = await showDialog({
      title: `Delete the endpoint ${name}?`,
      body: 'Its URL and keys are gone then; its models and environments stay registered.',
      buttons: [Dialog.cancelButton(), Dialog.warnButton({ label: 'Delete' })]
    });
    if (!answer.button.accept) {
      return;
    }
  }
  store.take(await store.api.delete<IJob>(at('services', name)));
}

/** Open a file at a line; a path of a service's own copy becomes the user's file. */
async function openSource({ app, store }: IAround, args: Args): Promise<void> {
  const asks = { path: String(args.path), service: args.service ? String(args.service) : '' };
  const { path } = await store.api.get<IFilePath>('files/original', asks);
  const opened = (await app.commands.execute('docmanager:open', { path, factory: 'Editor' })) as IOpened | undefined;
  await opened?.context.ready;
  const position = { line: Math.max(0, Number(args.line) - 1), column: 0 };
  opened?.content.editor?.setCursorPosition(position);
  opened?.content.editor?.revealPosition(position);
  opened?.content.editor?.focus();
}

/** What is needed of Lab's file editor. */
interface IOpened {
  context: { ready: Promise<void> };
  content: {
    editor?: {
      setCursorPosition: (position: IPosition) => void;
      revealPosition: (position: IPosition) => void;
      focus: () => void;
    };
  };
}

interface IPosition {
  line: number;
  column: number;
}

function isDeployable(path: string): boolean {
  const lower = path.toLowerCase();
  return MODEL_FILES.some(end => lower.endsWith(end)) || /(score|scoring|inference).*\.py$|config.*\.(json|ya?ml)$/.test(lower);
}

function isFile(around: IAround, args: Args, fits: (path: string) => boolean): boolean {
  const path = pathOf(around, args);
  return path === null ? !args.isContext : fits(path);
}

/** The path a command is about: its own argument, or what is selected in the file browser. */
function pathOf({ files, browser }: IAround, args: Args): string | null {
  if (args.path) {
    return String(args.path);
  }
  const shown = files?.tracker.currentWidget ?? browser;
  const selected = shown ? [...shown.selectedItems()][0] : undefined;
  // A drive's name is no part of what the server calls a path.
  return selected ? selected.path.replace(/^[A-Za-z]+:/, '') : null;
}

export async function pickFile({ browser }: IAround, title: string): Promise<string | null> {
  if (!browser) {
    return null;
  }
  const answer = await FileDialog.getOpenFiles({ manager: browser.model.manager, title });
  return answer.button.accept && answer.value?.length ? answer.value[0].path : null;
}
