import { CommandRegistry } from '@lumino/commands';
import React, { useEffect, useRef, useState } from 'react';

import { CommandIDs } from '../commands';
import { Empty, ProblemCard, Tags, useStore } from '../parts';
import { Store } from '../store';
import { tellSize } from '../telling';
import { Rows } from './rows';

const PAUSE_MS = 150;

/** Registered models: the newest version of each name. */
export function ModelList({ store, commands }: { store: Store; commands: CommandRegistry }): JSX.Element {
  useStore(store, 'models');
  const [text, setText] = useState(store.modelSearch);
  const timer = useRef(0);
  useEffect(() => {
    if (!store.models.isLoaded) {
      void store.read('models');
    }
  }, [store]);
  const search = (wanted: string) => {
    setText(wanted);
    clearTimeout(timer.current);
    timer.current = window.setTimeout(() => void store.searchModels(wanted.trim()), PAUSE_MS);
  };
  const { items, isLoaded, problem } = store.models;
  if (problem) {
    return <ProblemCard problem={problem} onRetry={() => void store.read('models')} />;
  }
  if (isLoaded && !items.length && !store.modelSearch) {
    return (
      <Empty title="No models yet">
        <p>
          A model is a file or folder with a name and a version. Register one: right-click a model file in the file
          browser and choose <b>Register as a Model…</b>
        </p>
        <button
          className="mooring-Button mooring-mod-primary"
          onClick={() => void commands.execute(CommandIDs.deployDemo)}
        >
          Deploy the demo model
        </button>
      </Empty>
    );
  }
  return (
    <>
      <div className="mooring-Tools">
        <input
          type="search"
          className="mooring-Input"
          placeholder="Search name, tag, framework"
          aria-label="Search models"
          value={text}
          onChange={event => search(event.target.value)}
        />
      </div>
      {isLoaded && !items.length && <p className="mooring-Quiet mooring-Pad">Nothing matches “{text}”.</p>}
      <Rows
        label="Models"
        items={items}
        height={46}
        keyOf={model => model.id}
        onOpen={model => void commands.execute(CommandIDs.openModel, { name: model.name })}
      >
        {model => (
          <>
            <button
              className="mooring-Row-open"
              title={model.id}
              onClick={() => void commands.execute(CommandIDs.openModel, { name: model.name })}
            >
              <span className="mooring-Row-title">
                <span className="mooring-Row-name">{model.name}</span>
                <span className="mooring-Version">:{model.version}</span>
              </span>
              <span className="mooring-Row-more">
                {[model.framework, tellSize(model.sizeBytes)].filter(Boolean).join(' · ')}{' '}
                <Tags tags={model.tags} />
              </span>
            </button>
            <button
              className="mooring-Button mooring-mod-small"
              aria-label={`Deploy ${model.id}`}
              onClick={() => void commands.execute(CommandIDs.deploy, { models: [model.id] })}
            >
              Deploy
            </button>
          </>
        )}
      </Rows>
    </>
  );
}
