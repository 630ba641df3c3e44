/** Small pieces that the panel and the documents are made of. */

import React, { useEffect, useReducer, useState } from 'react';

import { problemOf } from './api/request';
import { IExcerpt, IFailure, IFinding, IJob, IProblem, IService } from './api/types';
import { Part, Store } from './store';
import { tellWhen } from './telling';

/** Draw again whenever one of the parts changes. */
export function useStore(store: Store, ...parts: Part[]): void {
  const [, again] = useReducer((n: number) => n + 1, 0);
  useEffect(() => {
    const hear = (_: Store, part: Part) => {
      if (parts.includes(part)) {
        again();
      }
    };
    store.changed.connect(hear);
    return () => void store.changed.disconnect(hear);
  }, [store]);
}

/** What the server answers, or why it doesn't; when `on` changes it is asked again, and the answer before is not heard. */
export function useAnswer<T>(ask: () => Promise<T>, on: unknown[]): [T | null, IProblem | null] {
  const [told, setTold] = useState<[T | null, IProblem | null]>([null, null]);
  useEffect(() => {
    let isOver = false;
    ask().then(
      answer => isOver || setTold([answer, null]),
      error => isOver || setTold(([before]) => [before, problemOf(error)])
    );
    return () => {
      isOver = true;
    };
  }, on);
  return told;
}

/** Whether a service answers, in a colour and in words: colour alone says nothing. */
export function StateBadge({ service, isShort }: { service: IService; isShort?: boolean }): JSX.Element {
  const doing = service.operation ? service.operation.kind : '';
  const words = doing && service.state === 'Transitioning' ? `${DOING[doing] ?? doing}…` : service.state;
  return (
    <span className={`mooring-State mooring-mod-${service.state.toLowerCase()}`} title={service.error?.cause ?? words}>
      <span className="mooring-Dot" aria-hidden="true" />
      <span className={isShort ? 'mooring-State-short' : ''}>{words}</span>
    </span>
  );
}

const DOING: Record<string, string> = {
  deploy: 'Deploying',
  update: 'Updating',
  reload: 'Reloading',
  rollback: 'Rolling back',
  delete: 'Deleting'
};

/** Text in which `this` is code. */
export function Told({ text }: { text: string }): JSX.Element {
  return <>{text.split('`').map((part, n) => (n % 2 ? <code key={n}>{part}</code> : part))}</>;
}

/** What went wrong with a request, and what to do. */
export function ProblemCard({
  problem,
  onOpen,
  onRetry
}: {
  problem: IProblem;
  onOpen?: (excerpt: IExcerpt) => void;
  onRetry?: () => void;
}): JSX.Element {
  if (problem.failure) {
    return <FailureCard failure={problem.failure} onOpen={onOpen} />;
  }
  return (
    <div className="mooring-Card mooring-mod-error" role="alert">
      <p className="mooring-Card-title"><Told text={problem.problem} /></p>
      {problem.findings && <FindingList findings={problem.findings} onOpen={onOpen} />}
      {problem.remedy && (
        <p>
          <b>Fix</b> <Told text={problem.remedy} />
        </p>
      )}
      <p className="mooring-Quiet">code {problem.code}</p>
      {onRetry && <button className="mooring-Button" onClick={onRetry}>Try again</button>}
    </div>
  );
}

/** A verdict: the cause first, the guilty line, what shows it, what to do, what serves in spite of it. */
export function FailureCard({
  failure,
  onOpen
}: {
  failure: IFailure;
  onOpen?: (excerpt: IExcerpt) => void;
}): JSX.Element {
  const excerpt = failure.excerpt;
  return (
    <div className="mooring-Card mooring-mod-error" role="alert">
      <p className="mooring-Card-title">{failure.cause}</p>
      {excerpt && (
        <button
          className="mooring-Excerpt"
          title="Open the file at this line"
          onClick={() => onOpen?.(excerpt)}
        >
          <span className="mooring-Excerpt-place">
            {baseName(excerpt.path)}, line {excerpt.line}
          </span>
          <code>{excerpt.text}</code>
        </button>
      )}
      {failure.evidence.map(line => (
        <pre className="mooring-Evidence" key={line}>{line}</pre>
      ))}
      <p>
        <b>Fix</b> <Told text={failure.remedy} />
      </p>
      {failure.kept && (
        <p>
          <b>Kept</b> {failure.kept}
        </p>
      )}
      <p className="mooring-Quiet">code {failure.code}</p>
    </div>
  );
}

/** Findings, each with its place and its remedy. */
export function FindingList({
  findings,
  onOpen
}: {
  findings: IFinding[];
  onOpen?: (excerpt: IExcerpt) => void;
}): JSX.Element {
  return (
    <ul className="mooring-Findings">
      {findings.map((each, n) => (
        <li key={n} className={`mooring-mod-${each.severity}`}>
          <span className="mooring-Severity">{each.severity}</span>{' '}
          {each.path && (
            <button
              className="mooring-Link"
              onClick={() => onOpen?.({ path: each.path, line: each.line, text: '' })}
            >
              {baseName(each.path)}:{each.line}
            </button>
          )}{' '}
          {each.problem} <span className="mooring-Quiet">{each.remedy}</span>
        </li>
      ))}
    </ul>
  );
}

/** Long work: what it does, how far it is, and the way to stop it. */
export function JobCard({
  job,
  onCancel,
  onOpen
}: {
  job: IJob;
  onCancel?: () => void;
  onOpen?: (excerpt: IExcerpt) => void;
}): JSX.Element {
  return (
    <div className="mooring-Job" data-status={job.status}>
      <div className="mooring-Job-head">
        <b>{job.title}</b>
        <Elapsed job={job} />
        {job.status === 'running' && onCancel && (
          <button className="mooring-Button mooring-mod-small" onClick={onCancel}>
            Cancel
          </button>
        )}
      </div>
      {job.status === 'running' && (
        <div
          className={`mooring-Bar ${job.share === null ? 'mooring-mod-unknown' : ''}`}
          role="progressbar"
          aria-label={job.title}
          aria-valuenow={job.share === null ? undefined : Math.round(job.share * 100)}
        >
          <div style={{ width: `${(job.share ?? 0.3) * 100}%` }} />
        </div>
      )}
      <ol className="mooring-Phases">
        {job.events.map((event, n) => (
          <li key={n}>
            <span className="mooring-Phase">{event.phase}</span>
            <span>{event.text}</span>
          </li>
        ))}
        {job.status === 'running' && (
          <li className="mooring-Now">
            <span className="mooring-Phase">{job.phase || 'starting'}</span>
            <span>{job.text}</span>
          </li>
        )}
        {job.status === 'cancelled' && <li>Cancelled; what it began was undone.</li>}
      </ol>
      {job.error && <ProblemCard problem={job.error} onOpen={onOpen} />}
    </div>
  );
}

/** Seconds since a job began, or that it took. */
function Elapsed({ job }: { job: IJob }): JSX.Element {
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    if (job.status !== 'running') {
      return;
    }
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, [job.status]);
  const until = job.endedTime ? Date.parse(job.endedTime) : now;
  const seconds = Math.max(0, Math.round((until - Date.parse(job.startedTime)) / 1000));
  return <span className="mooring-Quiet">{seconds} s</span>;
}

/** A list that has nothing yet: what it is for, and the way to the first one. */
export function Empty({ title, children }: { title: string; children: React.ReactNode }): JSX.Element {
  return (
    <div className="mooring-Empty">
      <p className="mooring-Empty-title">{title}</p>
      {children}
    </div>
  );
}

/** Copies a text, and says so for a moment. */
export function CopyButton({ text, label }: { text: string; label: string }): JSX.Element {
  const [isCopied, setCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(text);
    setCopied(true);
    setTimeout(() => setCopied(false), 1500);
  };
  return (
    <button className="mooring-Button mooring-mod-small" aria-label={label} onClick={() => void copy()}>
      <span aria-live="polite">{isCopied ? 'Copied' : 'Copy'}</span>
    </button>
  );
}

/** Facts by label; those without a value are left out. */
export function Facts({ facts }: { facts: Record<string, React.ReactNode> }): JSX.Element {
  return (
    <dl className="mooring-Facts">
      {Object.entries(facts)
        .filter(([, value]) => value !== null && value !== undefined && value !== '')
        .map(([label, value]) => (
          <React.Fragment key={label}>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </React.Fragment>
        ))}
    </dl>
  );
}

/** Labels as `key=value`. */
export function Tags({ tags }: { tags: Record<string, string> }): JSX.Element | null {
  const pairs = Object.entries(tags);
  if (!pairs.length) {
    return null;
  }
  return (
    <span className="mooring-Tags">
      {pairs.map(([key, value]) => (
        <span className="mooring-Tag" key={key}>
          {value ? `${key}=${value}` : key}
        </span>
      ))}
    </span>
  );
}

export function When({ time }: { time: string }): JSX.Element {
  return (
    <time dateTime={time} title={new Date(time).toLocaleString()}>
      {tellWhen(time)}
    </time>
  );
}

/** Tabs with the keyboard's usual manners: arrows move, Tab leaves. */
export function Tabs<T extends string>({
  label,
  tabs,
  chosen,
  onChoose
}: {
  label: string;
  tabs: Array<[T, string]>;
  chosen: T;
  onChoose: (tab: T) => void;
}): JSX.Element {
  const move = (event: React.KeyboardEvent, n: number) => {
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    if (step) {
      event.preventDefault();
      const next = (n + step + tabs.length) % tabs.length;
      onChoose(tabs[next][0]);
      const siblings = event.currentTarget.parentElement?.children;
      (siblings?.[next] as HTMLElement | undefined)?.focus();
    }
  };
  return (
    <div className="mooring-Tabs" role="tablist" aria-label={label}>
      {tabs.map(([id, title], n) => (
        <button
          key={id}
          role="tab"
          aria-selected={id === chosen}
          tabIndex={id === chosen ? 0 : -1}
          className="mooring-Tab"
          onClick={() => onChoose(id)}
          onKeyDown={event => move(event, n)}
        >
          {title}
        </button>
      ))}
    </div>
  );
}

export function baseName(path: string): string {
  return path.split('/').pop() ?? path;
}
