/** Mooring in JupyterLab: a panel, documents in the main area, commands, links and notifications. */

import {
  ILayoutRestorer,
  IRouter,
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { ICommandPalette } from '@jupyterlab/apputils';
import { IDefaultFileBrowser, IFileBrowserFactory } from '@jupyterlab/filebrowser';
import { ILauncher } from '@jupyterlab/launcher';
import { ILSPCodeExtractorsManager } from '@jupyterlab/lsp';
import { INotebookTracker } from '@jupyterlab/notebook';
import { ISettingRegistry } from '@jupyterlab/settingregistry';

import { Api } from './api/request';
import { addCells } from './cells';
import { CommandIDs, MODEL_FILES, PanelTab } from './commands';
import { Documents } from './documents';
import { mooringIcon } from './icons';
import { addLinks } from './links';
import { Notifications } from './notifications';
import { Panel } from './panel/panel';
import { Store } from './store';
import { IAround, addCommands, pickFile } from './work';

const PLUGIN = '@mooring/jupyterlab:plugin';
const PALETTE = [CommandIDs.showPanel, CommandIDs.deploy, CommandIDs.deployDemo, CommandIDs.register];

/** Settings of the Settings Editor, with what holds until they are read. */
interface IChosen {
  workspace: string;
  notifications: boolean;
  logLines: number;
  confirmDelete: boolean;
}

const plugin: JupyterFrontEndPlugin<void> = {
  id: PLUGIN,
  description: 'Models and endpoints: a panel, documents, commands.',
  autoStart: true,
  optional: [
    ICommandPalette,
    IDefaultFileBrowser,
    IFileBrowserFactory,
    ILauncher,
    ILayoutRestorer,
    ILSPCodeExtractorsManager,
    INotebookTracker,
    IRouter,
    ISettingRegistry
  ],
  activate: (
    app: JupyterFrontEnd,
    palette: ICommandPalette | null,
    browser: IDefaultFileBrowser | null,
    files: IFileBrowserFactory | null,
    launcher: ILauncher | null,
    restorer: ILayoutRestorer | null,
    cells: ILSPCodeExtractorsManager | null,
    notebooks: INotebookTracker | null,
    router: IRouter | null,
    settings: ISettingRegistry | null
  ) => {
    const chosen: IChosen = { workspace: '', notifications: true, logLines: 50_000, confirmDelete: true };
    const store = new Store(new Api(app.serviceManager.serverSettings));
    const panel = new Panel(store, app.commands);
    const documents = new Documents(app, store, () => chosen.logLines, title => pickFile(around, title));
    const around: IAround = { app, store, documents, files, browser, asksBeforeDelete: () => chosen.confirmDelete };
    new Notifications(store, app.commands, () => chosen.notifications);

    addFileTypes(app);
    addCommands(around);
    app.commands.addCommand(CommandIDs.showPanel, {
      label: 'Show Models and Endpoints',
      icon: mooringIcon,
      describedBy: { args: { type: 'object' } },
      execute: args => {
        if (args.tab) {
          panel.choose(args.tab as PanelTab);
        }
        app.shell.activateById(panel.id);
      }
    });
    addNotebookCommand(app, notebooks);
    if (cells) {
      addCells(cells);
    }
    if (router) {
      addLinks(app, router);
    }
    restorer?.add(panel, panel.id);
    if (restorer) {
      documents.restore(restorer);
    }
    app.shell.add(panel, 'left', { rank: 200 });
    PALETTE.forEach(command => palette?.addItem({ command, category: 'Mooring' }));
    launcher?.add({ command: CommandIDs.deploy, category: 'Mooring', rank: 1 });
    launcher?.add({ command: CommandIDs.showPanel, category: 'Mooring', rank: 2 });
    void begin(app, store, settings, chosen);
  }
};

/** Read the settings first: they say which workspace it is about. */
async function begin(
  app: JupyterFrontEnd,
  store: Store,
  registry: ISettingRegistry | null,
  chosen: IChosen
): Promise<void> {
  const loaded = await registry?.load(PLUGIN).catch(() => undefined);
  const take = () => {
    Object.assign(chosen, loaded?.composite ?? {});
    store.changeWorkspace(chosen.workspace);
  };
  take();
  loaded?.changed.connect(take);
  store.start('');
  await app.restored;
}

/** Model files get our sign in the file browser; the context menu goes by their type. */
function addFileTypes(app: JupyterFrontEnd): void {
  app.docRegistry.addFileType({
    name: 'mooring-model',
    displayName: 'Model',
    extensions: MODEL_FILES,
    fileFormat: 'base64',
    contentType: 'file',
    icon: mooringIcon
  });
}

/** The notebook's toolbar: deploy what lies beside it. */
function addNotebookCommand(app: JupyterFrontEnd, notebooks: INotebookTracker | null): void {
  app.commands.addCommand('mooring:deploy-from-notebook', {
    label: 'Deploy',
    caption: 'Deploy a model from this notebook’s folder',
    icon: mooringIcon,
    describedBy: { args: { type: 'object' } },
    isEnabled: () => notebooks?.currentWidget !== null,
    execute: () => {
      const path = notebooks?.currentWidget?.context.localPath;
      return app.commands.execute(CommandIDs.deploy, path ? { path } : {});
    }
  });
}

export default plugin;
