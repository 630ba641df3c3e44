import React from 'react';

import { at } from '../api/request';
import { ISetting, ISettings } from '../api/types';
import { ProblemCard, useAnswer } from '../parts';
import { Store } from '../store';

type Values = Record<string, unknown>;

/** The settings of a compute type, folded away; what they are and what they mean comes from the server. */
export function SettingFields(props: {
  store: Store;
  computeType: string;
  values: Values;
  onChange: (values: Values) => void;
}): JSX.Element | null {
  const { store, computeType, values } = props;
  const [told, problem] = useAnswer(
    () => store.api.get<ISettings>(at('compute', computeType, 'settings')),
    [store, computeType]
  );
  if (problem) {
    return <ProblemCard problem={problem} />;
  }
  const settings = told?.settings.filter(each => each.kind !== 'texts') ?? [];
  if (!settings.length) {
    return null;
  }
  const put = (name: string, value: unknown) => props.onChange({ ...values, [name]: value });
  const count = Object.values(values).filter(value => value !== '' && value !== undefined).length;
  return (
    <details className="mooring-Fold">
      <summary>Settings{count ? ` (${count} changed)` : ''}</summary>
      {settings.map(each => (
        <SettingField key={each.name} setting={each} value={values[each.name]} onChange={value => put(each.name, value)} />
      ))}
    </details>
  );
}

function SettingField(props: {
  setting: ISetting;
  value: unknown;
  onChange: (value: unknown) => void;
}): JSX.Element {
  const { setting, value, onChange } = props;
  const choices = setting.kind === 'boolean' ? ['true', 'false'] : setting.choices;
  const asText = value === undefined ? '' : String(value);
  const shown = setting.default === null ? 'not set' : `default: ${String(setting.default)}`;
  return (
    <label className="mooring-Field">
      <span>{setting.key}</span>
      {choices.length ? (
        <select
          className="mooring-Input"
          value={asText}
          onChange={event => onChange(choiceOf(event.target.value, setting.kind))}
        >
          <option value="">{shown}</option>
          {choices.map(each => (
            <option key={each}>{each}</option>
          ))}
        </select>
      ) : (
        <input
          className="mooring-Input"
          type={setting.kind === 'text' ? 'text' : 'number'}
          step={setting.kind === 'integer' ? 1 : 'any'}
          min={setting.minimum ?? undefined}
          max={setting.maximum ?? undefined}
          placeholder={shown}
          value={asText}
          onChange={event =>
            onChange(
              event.target.value === '' ? undefined : setting.kind === 'text' ? event.target.value : Number(event.target.value)
            )
          }
        />
      )}
      <span className="mooring-Quiet">{setting.doc}</span>
    </label>
  );
}

function choiceOf(text: string, kind: string): unknown {
  if (text === '') {
    return undefined;
  }
  return kind === 'boolean' ? text === 'true' : text;
}
