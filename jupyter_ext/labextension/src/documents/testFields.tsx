/** The inputs of a request's form. How values become a body is the server's to say. */

import React, { useState } from 'react';

import { IFormColumn, IFormField } from '../api/types';

interface IInputProps {
  field: IFormField;
  value: unknown;
  onChange: (value: unknown) => void;
}

export function FieldInput(props: IInputProps): JSX.Element {
  const { field, value, onChange } = props;
  const label = field.name || 'body';
  if (field.kind === 'rows') {
    return <RowsInput {...props} />;
  }
  if (field.kind === 'boolean') {
    return (
      <label className="mooring-Check">
        <input type="checkbox" checked={Boolean(value)} onChange={event => onChange(event.target.checked)} />
        {label}
      </label>
    );
  }
  if (field.kind === 'json') {
    return (
      <label className="mooring-Field">
        <span>{label}</span>
        <JsonInput value={value} onChange={onChange} />
      </label>
    );
  }
  return (
    <label className="mooring-Field">
      <span>{label}</span>
      <input
        className="mooring-Input"
        type={field.kind === 'text' ? 'text' : 'number'}
        step={field.kind === 'integer' ? 1 : 'any'}
        value={value === null || value === undefined ? '' : String(value)}
        onChange={event => onChange(event.target.value)}
      />
    </label>
  );
}

function JsonInput({ value, onChange }: { value: unknown; onChange: (value: unknown) => void }): JSX.Element {
  const [text, setText] = useState(JSON.stringify(value ?? null));
  const [isBroken, setBroken] = useState(false);
  const take = (written: string) => {
    setText(written);
    try {
      onChange(JSON.parse(written));
      setBroken(false);
    } catch {
      setBroken(true);
    }
  };
  return (
    <>
      <textarea
        className="mooring-Input"
        spellCheck={false}
        rows={3}
        aria-invalid={isBroken}
        value={text}
        onChange={event => take(event.target.value)}
      />
      {isBroken && <span className="mooring-Wrong">This is no JSON yet; the last whole value is sent.</span>}
    </>
  );
}

function RowsInput({ field, value, onChange }: IInputProps): JSX.Element {
  const rows = (value as unknown[][] | undefined) ?? [];
  const label = field.name || 'rows';
  const put = (row: number, column: number, cell: unknown) =>
    onChange(rows.map((cells, n) => (n === row ? cells.map((old, m) => (m === column ? cell : old)) : cells)));
  return (
    <fieldset className="mooring-Field mooring-RowsInput">
      <legend>{label}</legend>
      <div className="mooring-RowsInput-scroll">
        <table className="mooring-Table">
          <thead>
            <tr>
              {field.columns.map(column => (
                <th scope="col" key={column.name}>
                  {column.name}
                </th>
              ))}
              {!field.is_flat && (
                <th scope="col">
                  <span className="mooring-Hidden">Remove</span>
                </th>
              )}
            </tr>
          </thead>
          <tbody>
            {rows.map((cells, n) => (
              <tr key={n}>
                {field.columns.map((column, m) => (
                  <td key={column.name}>
                    <input
                      className="mooring-Input"
                      aria-label={`${label}, row ${n + 1}, ${column.name}`}
                      value={shown(cells[m])}
                      onChange={event => put(n, m, event.target.value)}
                    />
                  </td>
                ))}
                {!field.is_flat && (
                  <td>
                    <button
                      type="button"
                      className="mooring-Button mooring-mod-small"
                      aria-label={`Remove row ${n + 1}`}
                      disabled={rows.length < 2}
                      onClick={() => onChange(rows.filter((_, other) => other !== n))}
                    >
                      ×
                    </button>
                  </td>
                )}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {!field.is_flat && (
        <button
          type="button"
          className="mooring-Button mooring-mod-small"
          onClick={() => onChange([...rows, [...(rows[rows.length - 1] ?? field.columns.map(() => 0))]])}
        >
          + Row
        </button>
      )}
    </fieldset>
  );
}

/** The rows of a field's example as lists of cells. */
export function cellsOf(field: IFormField): unknown[][] {
  const example = (field.example ?? []) as unknown[];
  const rows = field.is_flat ? [example] : example;
  return rows.map(row =>
    Array.isArray(row)
      ? [...row]
      : field.columns.map((column: IFormColumn) => (row as Record<string, unknown>)[column.name])
  );
}

function shown(cell: unknown): string {
  return cell === null || cell === undefined ? '' : typeof cell === 'string' ? cell : JSON.stringify(cell);
}

/** A field's value with what was typed turned into its kind; what is no number stays the text it is. */
export function taken(field: IFormField, value: unknown): unknown {
  if (field.kind === 'rows') {
    const rows = (value as unknown[][]).map(cells => cells.map((cell, n) => cellOf(cell, field.columns[n].kind)));
    return field.is_flat ? rows[0] : rows;
  }
  return cellOf(value, field.kind);
}

function cellOf(cell: unknown, kind: string): unknown {
  if (typeof cell !== 'string' || kind === 'text') {
    return cell;
  }
  if (kind === 'json' || kind === 'boolean') {
    try {
      return JSON.parse(cell);
    } catch {
      return cell;
    }
  }
  return cell.trim() === '' || Number.isNaN(Number(cell)) ? cell : Number(cell);
}
