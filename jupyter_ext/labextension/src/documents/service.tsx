/** A service in the main area: Details, Consume, Deployment logs, Test. */

import { ReactWidget } from '@jupyterlab/ui-components';
import { CommandRegistry } from '@lumino/commands';
import { Message } from '@lumino/messaging';
import React from 'react';

import { IExcerpt, IService } from '../api/types';
import { CommandIDs, ServiceTab } from '../commands';
import { mooringIcon } from '../icons';
import { FailureCard, StateBadge, Tabs, useStore } from '../parts';
import { Store } from '../store';
import { ConsumeTab } from './consumeTab';
import { DetailsTab } from './detailsTab';
import { LogTab } from './logTab';
import { TestTab } from './testTab';

const TABS: Array<[ServiceTab, string]> = [
  ['details', 'Details'],
  ['consume', 'Consume'],
  ['logs', 'Deployment logs'],
  ['test', 'Test']
];

export class ServiceDocument extends ReactWidget {
  constructor(
    private readonly store: Store,
    private readonly commands: CommandRegistry,
    readonly service: string,
    private readonly logLimit: () => number,
    tab: ServiceTab = 'details'
  ) {
    super();
    this.tab = tab;
    this.id = `mooring-service-${service}`;
    this.title.label = service;
    this.title.icon = mooringIcon;
    this.title.caption = `Endpoint ${service}`;
    this.title.closable = true;
    this.addClass('mooring-Document');
  }

  tab: ServiceTab;

  choose(tab: ServiceTab): void {
    this.tab = tab;
    this.update();
  }

  protected onAfterShow(message: Message): void {
    super.onAfterShow(message);
    this.update();
  }

  protected onAfterHide(message: Message): void {
    super.onAfterHide(message);
    this.update();
  }

  protected render(): JSX.Element {
    return (
      <ServiceView
        store={this.store}
        commands={this.commands}
        name={this.service}
        tab={this.tab}
        isVisible={this.isVisible}
        logLimit={this.logLimit()}
        onChoose={tab => this.choose(tab)}
      />
    );
  }
}

interface IViewProps {
  store: Store;
  commands: CommandRegistry;
  name: string;
  tab: ServiceTab;
  isVisible: boolean;
  logLimit: number;
  onChoose: (tab: ServiceTab) => void;
}

function ServiceView(props: IViewProps): JSX.Element {
  const { store, commands, name, tab } = props;
  useStore(store, 'services');
  const service = store.service(name);
  if (!service) {
    return (
      <p className="mooring-Quiet mooring-Pad" role="status">
        {store.services.isLoaded ? `There is no endpoint ${name} any more.` : 'Reading…'}
      </p>
    );
  }
  const openSource = (path: string, line: number) =>
    void commands.execute(CommandIDs.openSource, { service: name, path, line });
  const open = (excerpt: IExcerpt) => openSource(excerpt.path, excerpt.line);
  return (
    <>
      <ServiceHead service={service} commands={commands} />
      {service.error && <FailureCard failure={service.error} onOpen={open} />}
      <Tabs label={`Endpoint ${name}`} tabs={TABS} chosen={tab} onChoose={props.onChoose} />
      <div
        className="mooring-Document-body"
        role="tabpanel"
        aria-label={TABS.find(([id]) => id === tab)![1]}
        tabIndex={tab === 'logs' ? -1 : 0}
      >
        {tab === 'details' && <DetailsTab store={store} service={service} openSource={openSource} />}
        {tab === 'consume' && <ConsumeTab store={store} service={service} />}
        {tab === 'logs' && (
          <LogTab
            store={store}
            service={name}
            limit={props.logLimit}
            isVisible={props.isVisible}
            openSource={openSource}
          />
        )}
        {tab === 'test' && <TestTab store={store} service={service} />}
      </div>
    </>
  );
}

function ServiceHead({ service, commands }: { service: IService; commands: CommandRegistry }): JSX.Element {
  const name = service.name;
  const act = (command: string) => void commands.execute(command, { name });
  const isBusy = service.operation !== null;
  return (
    <header className="mooring-Document-head">
      <div>
        <h1>
          {name} <StateBadge service={service} />
        </h1>
        <p className="mooring-Quiet">
          {service.modelIds.join(', ') || 'no model'} · {service.target}
          {service.revision ? ` · revision ${service.revision}` : ''}
          {service.phase ? ` · ${service.phase.phase} ${service.phase.text}` : ''}
        </p>
      </div>
      <div className="mooring-Actions">
        {service.editedSince && (
          <button
            className="mooring-Button mooring-mod-primary"
            disabled={isBusy}
            title="The script on disk is not the one that runs"
            onClick={() => act(CommandIDs.reloadService)}
          >
            Edited since · Reload
          </button>
        )}
        <button className="mooring-Button" disabled={isBusy} onClick={() => act(CommandIDs.updateService)}>
          Update…
        </button>
        <button
          className="mooring-Button"
          disabled={isBusy || (service.revision ?? 1) < 2}
          onClick={() => act(CommandIDs.rollbackService)}
        >
          Roll back
        </button>
        <button
          className="mooring-Button mooring-mod-danger"
          onClick={() => act(CommandIDs.deleteService)}
        >
          Delete…
        </button>
      </div>
    </header>
  );
}
