/** The dialogs that register a file as a model or an environment. */

import { Dialog, ReactWidget, showDialog } from '@jupyterlab/apputils';
import React, { useState } from 'react';

import { IFileFacts, INewEnvironment, INewModel } from '../api/types';
import { baseName } from '../parts';

const FRAMEWORKS = ['ScikitLearn', 'Onnx', 'PyTorch', 'TensorFlow', 'TfKeras', 'Custom'];

interface IEntry {
  name: string;
  framework: string;
  description: string;
  tags: string;
}

/** What to register a file as; null when the user gave up. */
export async function askForModel(path: string, facts: IFileFacts): Promise<INewModel | null> {
  const last = facts.registered[0]?.replace(/:\d+$/, '');
  const entry: IEntry = {
    name: last ?? facts.suggestedName,
    framework: facts.framework ?? '',
    description: '',
    tags: ''
  };
  const body = ReactWidget.create(<ModelFields entry={entry} isAgain={last !== undefined} />);
  const answer = await showDialog({
    title: `Register ${baseName(path)} as a model`,
    body,
    buttons: [Dialog.cancelButton(), Dialog.okButton({ label: 'Register' })],
    focusNodeSelector: 'input'
  });
  if (!answer.button.accept || !entry.name) {
    return null;
  }
  return {
    name: entry.name,
    path,
    ...(entry.framework ? { framework: entry.framework } : {}),
    ...(entry.description ? { description: entry.description } : {}),
    tags: labelsOf(entry.tags)
  };
}

/** What to register a conda or pip file as; null when the user gave up. */
export async function askForEnvironment(path: string, suggested: string): Promise<INewEnvironment | null> {
  const entry = { name: suggested };
  const body = ReactWidget.create(
    <div className="mooring-Form">
      <TextField label="Name" value={entry.name} onChange={name => (entry.name = name)} />
    </div>
  );
  const answer = await showDialog({
    title: `Register ${baseName(path)} as an environment`,
    body,
    buttons: [Dialog.cancelButton(), Dialog.okButton({ label: 'Register' })],
    focusNodeSelector: 'input'
  });
  return answer.button.accept && entry.name ? { name: entry.name, path } : null;
}

function ModelFields({ entry, isAgain }: { entry: IEntry; isAgain: boolean }): JSX.Element {
  return (
    <div className="mooring-Form">
      <TextField label="Name" value={entry.name} onChange={name => (entry.name = name.trim())} />
      {isAgain && <p className="mooring-Quiet">The next version of a model that was registered from a file like this.</p>}
      <label className="mooring-Field">
        <span>Framework</span>
        <input
          className="mooring-Input"
          list="mooring-frameworks"
          defaultValue={entry.framework}
          onChange={event => (entry.framework = event.target.value.trim())}
        />
        <datalist id="mooring-frameworks">
          {FRAMEWORKS.map(each => (
            <option key={each} value={each} />
          ))}
        </datalist>
      </label>
      <TextField
        label="Description"
        value=""
        placeholder="optional"
        onChange={description => (entry.description = description)}
      />
      <TextField label="Tags" value="" placeholder="area=health, stage=trial" onChange={tags => (entry.tags = tags)} />
    </div>
  );
}

function TextField(props: {
  label: string;
  value: string;
  placeholder?: string;
  onChange: (text: string) => void;
}): JSX.Element {
  const [text, setText] = useState(props.value);
  return (
    <label className="mooring-Field">
      <span>{props.label}</span>
      <input
        className="mooring-Input"
        value={text}
        placeholder={props.placeholder}
        onChange={event => {
          setText(event.target.value);
          props.onChange(event.target.value);
        }}
      />
    </label>
  );
}

function labelsOf(text: string): Record<string, string> {
  const pairs = text
    .split(',')
    .map(each => each.trim())
    .filter(Boolean)
    .map(each => {
      const [key, ...rest] = each.split('=');
      return [key.trim(), rest.join('=').trim()];
    });
  return Object.fromEntries(pairs) as Record<string, string>;
}
