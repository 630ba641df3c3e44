import React, { useEffect, useReducer, useRef } from 'react';

import { IMessage } from '../api/events';
import { at, problemOf } from '../api/request';
import { ILog, ILogLine } from '../api/types';
import { Store } from '../store';
import { LogView, OpenSource } from './log';

const FIRST_LINES = 2000;

/** What a service wrote, and its history: live, searchable, with places in tracebacks to click on. */
export function LogTab(props: {
  store: Store;
  service: string;
  limit: number;
  isVisible: boolean;
  openSource: OpenSource;
}): JSX.Element {
  const { store, service, limit, isVisible } = props;
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<LogView | null>(null);
  const cursor = useRef<string | null>(null);
  const [, again] = useReducer((n: number) => n + 1, 0);
  useEffect(() => {
    const made = new LogView(host.current!, limit, props.openSource, again);
    view.current = made;
    cursor.current = null;
    return () => made.dispose();
  }, [service, limit]);
  useEffect(() => {
    if (!isVisible) {
      return;
    }
    return listen(store, service, cursor, view.current!);
  }, [store, service, limit, isVisible]);
  const log = view.current;
  const counts = log?.counts ?? { kept: 0, shown: 0, forgotten: 0, waiting: 0 };
  return (
    <div className="mooring-LogTab">
      <div className="mooring-Tools">
        <input
          type="search"
          className="mooring-Input"
          placeholder="Show lines that hold…"
          aria-label="Search the log"
          onChange={event => log?.search(event.target.value)}
        />
        <label className="mooring-Check">
          <input
            type="checkbox"
            checked={log?.follows ?? true}
            onChange={event => {
              log?.follow(event.target.checked);
              again();
            }}
          />
          Follow
        </label>
        <button
          className="mooring-Button"
          aria-pressed={log?.isPaused ?? false}
          onClick={() => {
            log?.pause(!log.isPaused);
            again();
          }}
        >
          {log?.isPaused ? `Go on (${counts.waiting} waiting)` : 'Pause'}
        </button>
        <button
          className="mooring-Button"
          onClick={() => save(`${service}.log`, log?.text() ?? '')}
        >
          Save
        </button>
        <span className="mooring-Quiet mooring-End">
          {counts.shown < counts.kept ? `${counts.shown} of ` : ''}
          {counts.kept} lines{counts.forgotten ? `, ${counts.forgotten} older ones left out` : ''}
        </span>
      </div>
      <div ref={host} aria-label={`Log of ${service}`} />
    </div>
  );
}

/** The last lines first, then what comes; after a pause it goes on where it was. */
function listen(
  store: Store,
  service: string,
  cursor: { current: string | null },
  view: LogView
): () => void {
  let stop = () => {};
  let isOver = false;
  const begin = async () => {
    if (cursor.current === null) {
      const log = await store.api.get<ILog>(at('services', service, 'logs'), { lines: FIRST_LINES });
      if (isOver) {
        return;
      }
      view.add(log.lines);
      cursor.current = log.cursor;
    }
    const hear = (message: IMessage<ILogLine>) => {
      if (message.items?.length) {
        view.add(message.items);
      }
      cursor.current = message.cursor ?? cursor.current;
    };
    const heard = store.events.subscribe(`service:${service}`, hear, cursor.current);
    stop = () => heard.dispose();
  };
  begin().catch(error => view.add([{ time: null, text: problemOf(error).message, stream: 'system' }]));
  return () => {
    isOver = true;
    stop();
  };
}

function save(name: string, text: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([text], { type: 'text/plain' }));
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}
