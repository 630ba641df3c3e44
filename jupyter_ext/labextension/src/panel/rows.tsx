/** A long list of rows of one height, of which only those in sight are drawn. */

import React, { useLayoutEffect, useRef, useState } from 'react';

const BEYOND = 6;

export function Rows<T>(props: {
  label: string;
  items: T[];
  height: number;
  keyOf: (item: T) => string;
  onOpen: (item: T) => void;
  children: (item: T) => React.ReactNode;
}): JSX.Element {
  const { items, height, keyOf } = props;
  const box = useRef<HTMLUListElement>(null);
  const [view, setView] = useState({ top: 0, height: 800 });
  const look = () => {
    const node = box.current;
    if (node && (node.scrollTop !== view.top || node.clientHeight !== view.height)) {
      setView({ top: node.scrollTop, height: node.clientHeight });
    }
  };
  useLayoutEffect(() => {
    const observer = new ResizeObserver(look);
    observer.observe(box.current!);
    return () => observer.disconnect();
  });
  const first = Math.max(0, Math.floor(view.top / height) - BEYOND);
  const last = Math.min(items.length, Math.ceil((view.top + view.height) / height) + BEYOND);
  const move = (event: React.KeyboardEvent, n: number) => {
    const next = event.key === 'ArrowDown' ? n + 1 : event.key === 'ArrowUp' ? n - 1 : -1;
    if (next >= 0 && next < items.length) {
      event.preventDefault();
      const button = box.current?.querySelector<HTMLElement>(`[data-n="${next}"] .mooring-Row-open`);
      button?.focus();
    }
  };
  return (
    <ul className="mooring-Rows" ref={box} onScroll={look} aria-label={props.label}>
      <li aria-hidden="true" style={{ height: first * height }} />
      {items.slice(first, last).map((item, offset) => (
        <li
          key={keyOf(item)}
          data-n={first + offset}
          data-key={keyOf(item)}
          className="mooring-Row"
          style={{ height }}
          aria-setsize={items.length}
          aria-posinset={first + offset + 1}
          onKeyDown={event => move(event, first + offset)}
          onClick={event => {
            if (!(event.target as HTMLElement).closest('button')) {
              props.onOpen(item);
            }
          }}
        >
          {props.children(item)}
        </li>
      ))}
      <li aria-hidden="true" style={{ height: (items.length - last) * height }} />
    </ul>
  );
}
