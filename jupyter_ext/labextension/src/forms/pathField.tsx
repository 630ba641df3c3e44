import React from 'react';

/** Lets the user choose a file below the file browser's top; null when they gave up. */
export type PickPath = (title: string) => Promise<string | null>;

/** A path, typed or chosen. */
export function PathField(props: {
  label: string;
  value: string;
  pick: PickPath;
  placeholder?: string;
  onChange: (path: string) => void;
}): JSX.Element {
  const browse = async () => {
    const path = await props.pick(`Choose ${props.label.toLowerCase()}`);
    if (path) {
      props.onChange(path);
    }
  };
  return (
    <label className="mooring-Field">
      <span>{props.label}</span>
      <span className="mooring-Path">
        <input
          className="mooring-Input"
          value={props.value}
          placeholder={props.placeholder}
          spellCheck={false}
          onChange={event => props.onChange(event.target.value.trim())}
        />
        <button
          type="button"
          className="mooring-Button"
          aria-label={`Browse for ${props.label}`}
          onClick={() => void browse()}
        >
          Browse…
        </button>
      </span>
    </label>
  );
}
