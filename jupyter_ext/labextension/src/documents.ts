/** The documents in the main area: opened once each, and there again after a reload. */

import { ILayoutRestorer, JupyterFrontEnd } from '@jupyterlab/application';
import { MainAreaWidget, WidgetTracker } from '@jupyterlab/apputils';
import { URLExt } from '@jupyterlab/coreutils';
import { Widget } from '@lumino/widgets';

import { IFinding } from './api/types';
import { CommandIDs, ServiceTab } from './commands';
import { FindingsDocument } from './documents/findings';
import { ModelDocument } from './documents/model';
import { ServiceDocument } from './documents/service';
import { IAsked } from './forms/asked';
import { DeployDocument } from './forms/deploy';
import { PickPath } from './forms/pathField';
import { Store } from './store';

export class Documents {
  constructor(
    private readonly app: JupyterFrontEnd,
    private readonly store: Store,
    private readonly logLimit: () => number,
    private readonly pick: PickPath
  ) {}

  /** Open again what was open before a reload. */
  restore(restorer: ILayoutRestorer): void {
    void restorer.restore(this.services, {
      command: CommandIDs.openService,
      name: widget => widget.content.service,
      args: widget => ({ name: widget.content.service, tab: widget.content.tab })
    });
    void restorer.restore(this.models, {
      command: CommandIDs.openModel,
      name: widget => widget.content.model,
      args: widget => ({ name: widget.content.model })
    });
  }

  openService(name: string, tab?: ServiceTab): void {
    if (this.isInLab('service', name, tab ?? 'details')) {
      return;
    }
    const found = this.services.find(widget => widget.content.service === name);
    if (found) {
      if (tab) {
        found.content.choose(tab);
      }
      this.app.shell.activateById(found.id);
      return;
    }
    const content = new ServiceDocument(this.store, this.app.commands, name, this.logLimit, tab);
    const widget = this.add(content);
    void this.services.add(widget);
    const choose = content.choose.bind(content);
    content.choose = chosen => {
      choose(chosen);
      void this.services.save(widget);
    };
  }

  openModel(name: string): void {
    if (this.isInLab('model', name)) {
      return;
    }
    const found = this.models.find(widget => widget.content.model === name);
    if (found) {
      this.app.shell.activateById(found.id);
      return;
    }
    void this.models.add(this.add(new ModelDocument(this.store, this.app.commands, name)));
  }

  /** The form; `path` is the file it began with. */
  deploy(asked: IAsked, path: string | null = null): void {
    if (this.isInLab('deploy', ...(path ? [path] : []))) {
      return;
    }
    this.add(new DeployDocument(this.store, this.app.commands, this.pick, asked));
  }

  showFindings(path: string, findings: IFinding[]): void {
    this.add(new FindingsDocument(this.app.commands, path, findings));
  }

  /** Notebook 7 has one document a page: anything else is opened in Lab, in a page of its own. */
  private isInLab(...link: string[]): boolean {
    if (this.app.name !== 'Jupyter Notebook') {
      return false;
    }
    const lab = URLExt.join(this.app.serviceManager.serverSettings.baseUrl, 'lab');
    window.open(`${lab}?mooring=${link.map(encodeURIComponent).join('/')}`, '_blank');
    return true;
  }

  private add<T extends Widget>(content: T): MainAreaWidget<T> {
    const widget = new MainAreaWidget({ content });
    widget.id = `${content.id}-main`;
    widget.title.closable = true;
    // The toolbar would be an empty strip.
    widget.toolbar.hide();
    content.disposed.connect(() => widget.dispose());
    this.app.shell.add(widget, 'main');
    this.app.shell.activateById(widget.id);
    return widget;
  }

  private readonly services = new WidgetTracker<MainAreaWidget<ServiceDocument>>({ namespace: 'mooring-services' });
  private readonly models = new WidgetTracker<MainAreaWidget<ModelDocument>>({ namespace: 'mooring-models' });
}
