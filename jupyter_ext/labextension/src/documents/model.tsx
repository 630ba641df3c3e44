/** A model in the main area: its versions, tags, files, and two versions side by side. */

import { ReactWidget } from '@jupyterlab/ui-components';
import { CommandRegistry } from '@lumino/commands';
import React, { useState } from 'react';

import { at } from '../api/request';
import { IModel, IModelDetails, IModels } from '../api/types';
import { CommandIDs } from '../commands';
import { mooringIcon } from '../icons';
import { Facts, ProblemCard, Tags, When, useAnswer, useStore } from '../parts';
import { Store } from '../store';
import { tellSize } from '../telling';
import { Comparison } from './comparison';
import { TagEditor } from './tagEditor';

export class ModelDocument extends ReactWidget {
  constructor(
    private readonly store: Store,
    private readonly commands: CommandRegistry,
    readonly model: string
  ) {
    super();
    this.id = `mooring-model-${model}`;
    this.title.label = model;
    this.title.icon = mooringIcon;
    this.title.caption = `Model ${model}`;
    this.title.closable = true;
    this.addClass('mooring-Document');
  }

  protected render(): JSX.Element {
    return <ModelView store={this.store} commands={this.commands} name={this.model} />;
  }
}

function ModelView({
  store,
  commands,
  name
}: {
  store: Store;
  commands: CommandRegistry;
  name: string;
}): JSX.Element {
  useStore(store, 'models');
  const [told, problem] = useAnswer(() => store.api.get<IModels>(at('models', name, 'versions')), [
    store,
    name,
    store.models
  ]);
  const [chosen, setChosen] = useState<number | null>(null);
  const [compared, setCompared] = useState<number[]>([]);
  if (problem) {
    return <ProblemCard problem={problem} />;
  }
  if (!told) {
    return <p className="mooring-Quiet mooring-Pad">Reading…</p>;
  }
  const versions = told.models;
  const shown = versions.find(each => each.version === chosen) ?? versions[0];
  const compare = (version: number, isWanted: boolean) =>
    setCompared(isWanted ? [...compared, version].slice(-2) : compared.filter(each => each !== version));
  return (
    <>
      <header className="mooring-Document-head">
        <div>
          <h1>{name}</h1>
          <p className="mooring-Quiet">
            {versions.length} version{versions.length === 1 ? '' : 's'}
          </p>
        </div>
        <div className="mooring-Actions">
          <button
            className="mooring-Button mooring-mod-primary"
            onClick={() => void commands.execute(CommandIDs.deploy, { models: [shown.id] })}
          >
            Deploy version {shown.version}…
          </button>
          <button
            className="mooring-Button mooring-mod-danger"
            onClick={() => void commands.execute(CommandIDs.deleteModel, { name, version: shown.version })}
          >
            Delete version {shown.version}…
          </button>
        </div>
      </header>
      <div className="mooring-Document-body mooring-Columns">
        <section>
          <h2>Versions</h2>
          <table className="mooring-Table">
            <thead>
              <tr>
                <th scope="col">Version</th>
                <th scope="col">Framework</th>
                <th scope="col">Size</th>
                <th scope="col">Registered</th>
                <th scope="col">Tags</th>
                <th scope="col">Compare</th>
              </tr>
            </thead>
            <tbody>
              {versions.map(each => (
                <tr key={each.version} aria-selected={each.version === shown.version}>
                  <td>
                    <button className="mooring-Link" aria-label={each.id} onClick={() => setChosen(each.version)}>
                      {each.version}
                    </button>
                  </td>
                  <td>{[each.framework, each.frameworkVersion].filter(Boolean).join(' ')}</td>
                  <td className="mooring-Size">{tellSize(each.sizeBytes)}</td>
                  <td>
                    <When time={each.createdTime} />
                  </td>
                  <td>
                    <Tags tags={each.tags} />
                  </td>
                  <td>
                    <input
                      type="checkbox"
                      aria-label={`Compare ${each.id}`}
                      checked={compared.includes(each.version)}
                      onChange={event => compare(each.version, event.target.checked)}
                    />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
          {versions.length > 1 && compared.length < 2 && (
            <p className="mooring-Quiet">Tick two versions to see them side by side.</p>
          )}
          {compared.length === 2 && (
            <Comparison store={store} name={name} versions={[...compared].sort((a, b) => a - b)} />
          )}
        </section>
        <VersionDetails store={store} model={shown} />
      </div>
    </>
  );
}

function VersionDetails({ store, model }: { store: Store; model: IModel }): JSX.Element {
  const [details, problem] = useAnswer(
    () => store.api.get<IModelDetails>(at('models', model.name, 'versions', model.version)),
    [store, model]
  );
  if (problem) {
    return <ProblemCard problem={problem} />;
  }
  return (
    <section>
      <h2>{model.id}</h2>
      <Facts
        facts={{
          Description: model.description,
          Framework: [model.framework, model.frameworkVersion].filter(Boolean).join(' '),
          Python: model.pythonVersion,
          Registered: <When time={model.createdTime} />,
          By: model.createdBy,
          Run: model.runId,
          Experiment: model.experimentName,
          Digest: <code className="mooring-Digest">{model.digest}</code>,
          'Used by': details?.usedBy.join(', '),
          Packages: details && Object.keys(details.packages).length ? <Tags tags={details.packages} /> : null
        }}
      />
      <h2>Tags</h2>
      <TagEditor store={store} model={model} />
      {details && (
        <>
          <h2>Files</h2>
          <table className="mooring-Table">
            <tbody>
              {details.files.map(file => (
                <tr key={file.path}>
                  <td>
                    <code>{file.path}</code>
                  </td>
                  <td className="mooring-Number">{tellSize(file.sizeBytes)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </>
      )}
      {model.sampleInput !== null && (
        <>
          <h2>Sample</h2>
          <pre className="mooring-Code" tabIndex={0}>{JSON.stringify(model.sampleInput)}</pre>
        </>
      )}
    </section>
  );
}
