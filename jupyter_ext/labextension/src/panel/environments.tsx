import React, { useEffect } from 'react';

import { Empty, ProblemCard, useStore } from '../parts';
import { Store } from '../store';

/** Registered environments: what models need around them. */
export function EnvironmentList({ store }: { store: Store }): JSX.Element {
  useStore(store, 'environments');
  useEffect(() => {
    if (!store.environments.isLoaded) {
      void store.read('environments');
    }
  }, [store]);
  const { items, isLoaded, problem } = store.environments;
  if (problem) {
    return <ProblemCard problem={problem} onRetry={() => void store.read('environments')} />;
  }
  if (isLoaded && !items.length) {
    return (
      <Empty title="No registered environments">
        <p>
          An environment names the packages that scoring needs, so that several services share it. Right-click a conda
          file or requirements.txt in the file browser and choose <b>Register as an Environment…</b>
        </p>
        <p className="mooring-Quiet">A deployment can also use its own conda file; it needs no registered one.</p>
      </Empty>
    );
  }
  return (
    <div className="mooring-Scroll">
      {items.map(each => (
        <details className="mooring-Fold" key={`${each.name}:${each.version}`}>
          <summary>
            <span className="mooring-Row-title">
              {each.name}
              <span className="mooring-Version">:{each.version}</span>
            </span>
            <span className="mooring-Row-more">
              {[
                each.pythonVersion ? `python ${each.pythonVersion}` : '',
                each.image ?? '',
                `${each.packages.length} package${each.packages.length === 1 ? '' : 's'}`
              ]
                .filter(Boolean)
                .join(' · ')}
            </span>
          </summary>
          <ul className="mooring-Packages">
            {each.packages.map(name => (
              <li key={name}>
                <code>{name}</code>
              </li>
            ))}
            {each.variables.map(name => (
              <li key={name}>
                <code>{name}</code> <span className="mooring-Quiet">variable</span>
              </li>
            ))}
          </ul>
        </details>
      ))}
    </div>
  );
}
