import React, { useState } from 'react';

import { at, problemOf } from '../api/request';
import { IModel, IProblem } from '../api/types';
import { ProblemCard } from '../parts';
import { Store } from '../store';

/** The tags of a version: add with Enter, remove with a click. */
export function TagEditor({ store, model }: { store: Store; model: IModel }): JSX.Element {
  const [text, setText] = useState('');
  const [problem, setProblem] = useState<IProblem | null>(null);
  const put = async (tags: Record<string, string>) => {
    try {
      await store.api.patch(at('models', model.name, 'versions', model.version), { tags });
      setProblem(null);
      setText('');
      await store.read('models');
    } catch (error) {
      setProblem(problemOf(error));
    }
  };
  const add = () => {
    const [key, ...rest] = text.split('=');
    return put({ ...model.tags, [key.trim()]: rest.join('=').trim() });
  };
  return (
    <div className="mooring-Tags">
      {Object.entries(model.tags).map(([key, value]) => (
        <span className="mooring-Tag" key={key}>
          {value ? `${key}=${value}` : key}
          <button
            className="mooring-Tag-remove"
            aria-label={`Remove the tag ${key}`}
            onClick={() => void put(Object.fromEntries(Object.entries(model.tags).filter(([other]) => other !== key)))}
          >
            ×
          </button>
        </span>
      ))}
      <input
        className="mooring-Input mooring-mod-narrow"
        placeholder="key=value, Enter"
        aria-label="Add a tag"
        value={text}
        onChange={event => setText(event.target.value)}
        onKeyDown={event => {
          if (event.key === 'Enter' && text.trim()) {
            void add();
          }
        }}
      />
      {problem && <ProblemCard problem={problem} />}
    </div>
  );
}
