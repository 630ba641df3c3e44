import { CommandRegistry } from '@lumino/commands';
import React from 'react';

import { CommandIDs } from '../commands';
import { Empty, ProblemCard, StateBadge, useStore } from '../parts';
import { Store } from '../store';
import { Rows } from './rows';

/** Deployed services and how each is. */
export function EndpointList({ store, commands }: { store: Store; commands: CommandRegistry }): JSX.Element {
  useStore(store, 'services');
  const { items, isLoaded, problem } = store.services;
  if (problem) {
    return <ProblemCard problem={problem} onRetry={() => void store.read('services')} />;
  }
  if (isLoaded && !items.length) {
    return (
      <Empty title="Nothing is deployed yet">
        <p>
          An endpoint is a model behind a URL: a script with <code>init()</code> and <code>run()</code> answers requests,
          in a process of this machine, in Docker or in Kubernetes.
        </p>
        <button
          className="mooring-Button mooring-mod-primary"
          onClick={() => void commands.execute(CommandIDs.deployDemo)}
        >
          Deploy the demo model
        </button>
        <p>
          <button className="mooring-Link" onClick={() => void commands.execute(CommandIDs.deploy)}>
            or deploy a model of your own…
          </button>
        </p>
      </Empty>
    );
  }
  const open = (name: string) => void commands.execute(CommandIDs.openService, { name });
  return (
    <>
      <div className="mooring-Tools">
        <button className="mooring-Button" onClick={() => void commands.execute(CommandIDs.deploy)}>
          + Deploy a model…
        </button>
      </div>
      <Rows
        label="Endpoints"
        items={items}
        height={46}
        keyOf={service => service.name}
        onOpen={service => open(service.name)}
      >
        {service => (
          <button className="mooring-Row-open" title={service.name} onClick={() => open(service.name)}>
            <span className="mooring-Row-title">
              <span className="mooring-Row-name">{service.name}</span> <StateBadge service={service} />
            </span>
            <span className="mooring-Row-more">
              {[service.modelIds.join(', '), service.target, service.editedSince ? 'edited since' : '']
                .filter(Boolean)
                .join(' · ')}
            </span>
          </button>
        )}
      </Rows>
    </>
  );
}
