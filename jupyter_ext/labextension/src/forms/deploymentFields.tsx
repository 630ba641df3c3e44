import React, { useEffect } from 'react';

import { Store } from '../store';
import { Told, useStore } from '../parts';
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
      <Choices group="source" ways={ways} chosen={asked.source} onChoose={source => put({ source })} />
      {asked.source === 'script' && (
        <AskedPath label="Entry script" placeholder="score.py" of="entryScript" asked={asked} pick={pick} put={put} />
      )}
      {asked.source === 'config' && (
        <AskedPath label="Inference configuration" placeholder="inferenceconfig.json" of="inferenceConfig" asked={asked} pick={pick} put={put} />
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
      <Choices group="around" ways={ways} chosen={asked.around} onChoose={around => put({ around })} />
      {asked.around === 'conda' && asked.source === 'script' && (
        <AskedPath label="Conda file" placeholder="myenv.yml" of="condaFile" asked={asked} pick={pick} put={put} />
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
                {type === place.name ? type : `${type} — ${place.name}`}
                {place.available ? '' : ' (not available)'}
              </option>
            ))
          )}
          {!places.length && <option value={asked.computeType}>{asked.computeType}</option>}
        </select>
      )}
      {chosen && !chosen.available && !asked.deploymentConfig && (
        <span className="mooring-Wrong">
          <Told text={`${chosen.problem} ${chosen.remedy}`} />
        </span>
      )}
      <AskedPath
        label="Deployment configuration (optional)"
        placeholder="deploymentconfig.json"
        of="deploymentConfig"
        asked={asked}
        pick={pick}
        put={put}
      />
    </fieldset>
  );
}

/** One of several ways, by radio buttons. */
function Choices<T extends string>(props: {
  group: string;
  ways: Array<[T, string]>;
  chosen: T;
  onChoose: (way: T) => void;
}): JSX.Element {
  return (
    <>
      {props.ways.map(([id, title]) => (
        <label className="mooring-Check" key={id}>
          <input
            type="radio"
            name={`mooring-${props.group}`}
            checked={props.chosen === id}
            onChange={() => props.onChoose(id)}
          />
          {title}
        </label>
      ))}
    </>
  );
}

/** The path of a file that is asked for. */
function AskedPath(
  props: IPartProps & {
    label: string;
    placeholder: string;
    of: 'entryScript' | 'inferenceConfig' | 'condaFile' | 'deploymentConfig';
    pick: PickPath;
  }
): JSX.Element {
  const { label, placeholder, of, asked, pick, put } = props;
  return (
    <PathField
      label={label}
      placeholder={placeholder}
      value={asked[of]}
      pick={pick}
      onChange={path => put({ [of]: path })}
    />
  );
}
