import React, { useEffect } from 'react';

import { Store } from '../store';
import { useStore } from '../parts';
import { Around, IAsked, Source } from './asked';
import { PathField, PickPath } from './pathField';
import { SettingFields } from './settingFields';

/** The inputs of the deploy form. */
export function DeploymentFields(props: {
  store: Store;
  pick: PickPath;
  asked: IAsked;
  isTaken: boolean;
  onChange: (asked: IAsked) => void;
}): JSX.Element {
  const { store, asked, pick, isTaken } = props;
  useStore(store, 'models', 'environments', 'compute');
  useEffect(() => {
    (['models', 'environments', 'compute'] as const).forEach(part => {
      if (!store[part].isLoaded) {
        void store.read(part);
      }
    });
  }, [store]);
  const put = (change: Partial<IAsked>) => props.onChange({ ...asked, ...change });
  return (
    <>
      {!asked.isUpdate && (
        <label className="mooring-Field">
          <span>Name of the service</span>
          <input
            className="mooring-Input"
            value={asked.name}
            placeholder="scorer"
            aria-invalid={isTaken && !asked.overwrite}
            onChange={event => put({ name: event.target.value.trim() })}
          />
          {isTaken && (
            <span className="mooring-Check">
              <input
                type="checkbox"
                id="mooring-overwrite"
                checked={asked.overwrite}
                onChange={event => put({ overwrite: event.target.checked })}
              />
              <span>There is a service of this name; replace it (URL and keys stay)</span>
            </span>
          )}
        </label>
      )}
      <ModelsField store={store} asked={asked} put={put} />
      <SourceFields asked={asked} pick={pick} put={put} />
      <AroundFields store={store} asked={asked} pick={pick} put={put} />
      <PlaceFields store={store} asked={asked} pick={pick} put={put} />
      <SettingFields
        store={store}
        computeType={asked.computeType}
        values={asked.settings}
        onChange={settings => put({ settings })}
      />
    </>
  );
}

interface IPartProps {
  asked: IAsked;
  put: (change: Partial<IAsked>) => void;
}

function ModelsField({ store, asked, put }: IPartProps & { store: Store }): JSX.Element {
  const add = (id: string) => {
    if (id && !asked.models.includes(id)) {
      put({ models: [...asked.models, id] });
    }
  };
  return (
    <fieldset className="mooring-Field">
      <legend>Models</legend>
      <span className="mooring-Tags">
        {asked.models.map(id => (
          <span className="mooring-Tag" key={id}>
            {id}
            <button
              type="button"
              className="mooring-Tag-remove"
              aria-label={`Leave ${id} out`}
              onClick={() => put({ models: asked.models.filter(other => other !== id) })}
            >
              ×
            </button>
          </span>
        ))}
      </span>
      <input
        className="mooring-Input"
        list="mooring-models"
        placeholder="Add a model: diabetes or diabetes:2"
        aria-label="Add a model"
        onKeyDown={event => {
          if (event.key === 'Enter') {
            event.preventDefault();
            add(event.currentTarget.value.trim());
            event.currentTarget.value = '';
          }
        }}
        onInput={event => {
          const text = event.currentTarget.value;
          if (store.models.items.some(model => model.id === text)) {
            add(text);
            event.currentTarget.value = '';
          }
        }}
      />
      <datalist id="mooring-models">
        {store.models.items.map(model => (
          <option key={model.id} value={model.id} />
        ))}
      </datalist>
    </fieldset>
  );
}

function SourceFields({ asked, pick, put }: IPartProps & { pick: PickPath }): JSX.Element {
  const ways: Array<[Source, string]> = [
    ['script', 'An entry script'],
    ['config', 'An inference configuration']
  ];
  if (asked.isUpdate) {
    ways.unshift(['same', 'The script as it was']);
  }
  return (
    <fieldset className="mooring-Field">
      <legend>What runs</legend>
      {ways.map(([id, title]) => (
        <label className="mooring-Check" key={id}>
          <input
            type="radio"
            name="mooring-source"
            checked={asked.source === id}
            onChange={() => put({ source: id })}
          />
          {title}
        </label>
      ))}
      {asked.source === 'script' && (
        <PathField
          label="Entry script"
          placeholder="score.py"
          value={asked.entryScript}
          pick={pick}
          onChange={entryScript => put({ entryScript })}
        />
      )}
      {asked.source === 'config' && (
        <PathField
          label="Inference configuration"
          placeholder="inferenceconfig.json"
          value={asked.inferenceConfig}
          pick={pick}
          onChange={inferenceConfig => put({ inferenceConfig })}
        />
      )}
    </fieldset>
  );
}

function AroundFields({
  store,
  asked,
  pick,
  put
}: IPartProps & { store: Store; pick: PickPath }): JSX.Element | null {
  if (asked.source === 'same') {
    return null;
  }
  const ways: Array<[Around, string]> = [
    ['none', asked.source === 'config' ? "The configuration's" : 'Assumed from the models'],
    ['registered', 'A registered one']
  ];
  if (asked.source === 'script') {
    ways.splice(1, 0, ['conda', 'A conda file']);
  }
  const environments = store.environments.items;
  return (
    <fieldset className="mooring-Field">
      <legend>Environment</legend>
      {ways.map(([id, title]) => (
        <label className="mooring-Check" key={id}>
          <input
            type="radio"
            name="mooring-around"
            checked={asked.around === id}
            onChange={() => put({ around: id })}
          />
          {title}
        </label>
      ))}
      {asked.around === 'conda' && asked.source === 'script' && (
        <PathField
          label="Conda file"
          placeholder="myenv.yml"
          value={asked.condaFile}
          pick={pick}
          onChange={condaFile => put({ condaFile })}
        />
      )}
      {asked.around === 'registered' && (
        <select
          className="mooring-Input"
          aria-label="Registered environment"
          value={asked.environment}
          onChange={event => put({ environment: event.target.value })}
        >
          <option value="">Choose…</option>
          {environments.map(each => (
            <option key={each.name} value={each.name}>
              {each.name}:{each.version}
            </option>
          ))}
        </select>
      )}
    </fieldset>
  );
}

function PlaceFields({ store, asked, pick, put }: IPartProps & { store: Store; pick: PickPath }): JSX.Element {
  const places = store.compute.items;
  const chosen = places.find(place => place.computeTypes.includes(asked.computeType));
  return (
    <fieldset className="mooring-Field">
      <legend>Where</legend>
      {!asked.isUpdate && !asked.deploymentConfig && (
        <select
          className="mooring-Input"
          aria-label="Compute type"
          value={asked.computeType}
          onChange={event => put({ computeType: event.target.value, settings: {} })}
        >
          {places.flatMap(place =>
            place.computeTypes.map(type => (
              <option key={type} value={type}>
                {type} — {place.name}
                {place.available ? '' : ' (not available)'}
              </option>
            ))
          )}
          {!places.length && <option value={asked.computeType}>{asked.computeType}</option>}
        </select>
      )}
      {chosen && !chosen.available && !asked.deploymentConfig && (
        <span className="mooring-Wrong">
          {chosen.problem} {chosen.remedy}
        </span>
      )}
      <PathField
        label="Deployment configuration (optional)"
        placeholder="deploymentconfig.json"
        value={asked.deploymentConfig}
        pick={pick}
        onChange={deploymentConfig => put({ deploymentConfig })}
      />
    </fieldset>
  );
}
