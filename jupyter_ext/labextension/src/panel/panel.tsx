/** The panel at the left: models, endpoints, environments, places, and what is being done. */

import { ReactWidget } from '@jupyterlab/ui-components';
import { CommandRegistry } from '@lumino/commands';
import { Message } from '@lumino/messaging';
import React, { useState } from 'react';

import { CommandIDs, PanelTab } from '../commands';
import { mooringIcon } from '../icons';
import { JobCard, Tabs, useStore } from '../parts';
import { Part, Store } from '../store';
import { ComputeList } from './compute';
import { EndpointList } from './endpoints';
import { EnvironmentList } from './environments';
import { ModelList } from './models';

const TABS: Array<[PanelTab, string]> = [
  ['models', 'Models'],
  ['endpoints', 'Endpoints'],
  ['environments', 'Environments'],
  ['compute', 'Compute']
];

export class Panel extends ReactWidget {
  constructor(
    private readonly store: Store,
    private readonly commands: CommandRegistry
  ) {
    super();
    this.id = 'mooring-panel';
    this.title.icon = mooringIcon;
    this.title.caption = 'Mooring: models and endpoints';
    this.addClass('mooring-Panel');
    this.node.setAttribute('role', 'region');
    this.node.setAttribute('aria-label', 'Mooring');
  }

  /** Show a tab; the panel itself is shown by the command. */
  choose(tab: PanelTab): void {
    this.tab = tab;
    this.update();
  }

  protected onAfterShow(message: Message): void {
    super.onAfterShow(message);
    this.update();
  }

  protected render(): JSX.Element {
    return (
      <PanelView
        store={this.store}
        commands={this.commands}
        tab={this.tab}
        onChoose={tab => this.choose(tab)}
      />
    );
  }

  private tab: PanelTab = 'endpoints';
}

function PanelView(props: {
  store: Store;
  commands: CommandRegistry;
  tab: PanelTab;
  onChoose: (tab: PanelTab) => void;
}): JSX.Element {
  const { store, commands, tab } = props;
  useStore(store, 'about');
  const read: Record<PanelTab, Part> = {
    models: 'models',
    endpoints: 'services',
    environments: 'environments',
    compute: 'compute'
  };
  const workspace = store.about?.workspace ?? '';
  return (
    <>
      <header className="mooring-Head">
        <h2>Mooring</h2>
        {workspace && workspace !== 'default' && (
          <span className="mooring-Quiet" title="Workspace; change it in the settings">
            {workspace}
          </span>
        )}
        <button
          className="mooring-Button mooring-mod-small"
          title="Read again"
          aria-label="Read again"
          onClick={() => void store.read(read[tab])}
        >
          ↻
        </button>
      </header>
      <Tabs label="Mooring" tabs={TABS} chosen={tab} onChoose={props.onChoose} />
      <div className="mooring-Body" role="tabpanel" aria-label={TABS.find(([id]) => id === tab)![1]}>
        {tab === 'models' && <ModelList store={store} commands={commands} />}
        {tab === 'endpoints' && <EndpointList store={store} commands={commands} />}
        {tab === 'environments' && <EnvironmentList store={store} />}
        {tab === 'compute' && <ComputeList store={store} />}
      </div>
      <Work store={store} commands={commands} />
    </>
  );
}

/** What is being done now, and what failed last. */
function Work({ store, commands }: { store: Store; commands: CommandRegistry }): JSX.Element | null {
  useStore(store, 'jobs');
  const [dismissed, setDismissed] = useState<string[]>([]);
  const shown = store.jobs.filter(
    (job, n) => job.status === 'running' || (n === 0 && job.status === 'failed' && !dismissed.includes(job.id))
  );
  if (!shown.length) {
    return null;
  }
  return (
    <section className="mooring-Work" aria-label="What is being done">
      {shown.map(job => (
        <div key={job.id}>
          <JobCard
            job={job}
            onCancel={() => void store.cancel(job)}
            onOpen={excerpt => void commands.execute(CommandIDs.openSource, { ...excerpt })}
          />
          {job.status !== 'running' && (
            <button className="mooring-Button mooring-mod-small" onClick={() => setDismissed([...dismissed, job.id])}>
              Dismiss
            </button>
          )}
        </div>
      ))}
    </section>
  );
}
