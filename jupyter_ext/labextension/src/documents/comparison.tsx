import React, { useState } from 'react';

import { at } from '../api/request';
import { IComparison } from '../api/types';
import { ProblemCard, useAnswer } from '../parts';
import { Store } from '../store';

/** Two versions side by side; what differs is marked in words and weight. */
export function Comparison(props: { store: Store; name: string; versions: number[] }): JSX.Element {
  const { store, name, versions } = props;
  const [first, second] = versions;
  const [isAll, setAll] = useState(false);
  const [told, problem] = useAnswer(
    () => store.api.get<IComparison>(at('models', name, 'versions', first, 'compare', second)),
    [store, name, first, second]
  );
  if (problem) {
    return <ProblemCard problem={problem} />;
  }
  if (!told) {
    return <p className="mooring-Quiet">Comparing…</p>;
  }
  const same = told.fields.filter(each => each.same).length;
  return (
    <section aria-label="Comparison">
      <h2>
        {told.first} and {told.second}
      </h2>
      <table className="mooring-Table mooring-Comparison">
        <thead>
          <tr>
            <th scope="col">What</th>
            <th scope="col">{told.first}</th>
            <th scope="col">{told.second}</th>
          </tr>
        </thead>
        <tbody>
          {told.fields
            .filter(each => isAll || !each.same)
            .map(each => (
              <tr key={each.field} className={each.same ? 'mooring-Quiet' : 'mooring-mod-differs'}>
                <th scope="row">{each.field}</th>
                <td>{each.first || '—'}</td>
                <td>{each.same ? 'the same' : each.second || '—'}</td>
              </tr>
            ))}
        </tbody>
      </table>
      {same > 0 && (
        <button className="mooring-Link" onClick={() => setAll(!isAll)}>
          {isAll ? 'Show only what differs' : `Show ${same} that are the same`}
        </button>
      )}
    </section>
  );
}
