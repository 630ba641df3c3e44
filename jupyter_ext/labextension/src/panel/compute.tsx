import React, { useEffect } from 'react';

import { ProblemCard, Told, useStore } from '../parts';
import { Store } from '../store';

/** Places where services can run. */
export function ComputeList({ store }: { store: Store }): JSX.Element {
  useStore(store, 'compute', 'services');
  useEffect(() => void store.read('compute'), [store]);
  const { items, isLoaded, problem } = store.compute;
  if (problem) {
    return <ProblemCard problem={problem} onRetry={() => void store.read('compute')} />;
  }
  return (
    <div className="mooring-Scroll">
      {!isLoaded && <p className="mooring-Quiet mooring-Pad">Asking each place…</p>}
      {items.map(place => {
        const users = store.services.items.filter(service => service.target === place.name).length;
        return (
          <div className="mooring-Place" key={place.name}>
            <span className="mooring-Row-title">
              {place.name}{' '}
              <span className={`mooring-State mooring-mod-${place.available ? 'healthy' : 'unhealthy'}`}>
                <span className="mooring-Dot" aria-hidden="true" />
                {place.available ? 'ready' : 'not available'}
              </span>
            </span>
            <span className="mooring-Row-more">
              {place.computeTypes.join(', ')} · {users} service{users === 1 ? '' : 's'}
            </span>
            {!place.available && (
              <p className="mooring-Place-why">
                <Told text={place.problem} /> <b>Fix</b> <Told text={place.remedy} />
              </p>
            )}
          </div>
        );
      })}
    </div>
  );
}
