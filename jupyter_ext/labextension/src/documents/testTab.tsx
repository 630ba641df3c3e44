import React, { useEffect, useState } from 'react';

import { at, problemOf } from '../api/request';
import { IFormField, IProblem, IRequestBody, IRequestForm, IScoringAnswer, IService } from '../api/types';
import { ProblemCard, useAnswer } from '../parts';
import { Store } from '../store';
import { tellSeconds } from '../telling';
import { FieldInput, cellsOf, taken } from './testFields';

type Way = 'form' | 'json';

const MOST_SHOWN = 100_000;
const LONGEST_LINE = 80;

/** Try a request: a form made from the schema, or the raw body; the answer with its time. */
export function TestTab({ store, service }: { store: Store; service: IService }): JSX.Element {
  const [form, setForm] = useState<IRequestForm | null>(null);
  const [values, setValues] = useState<Record<string, unknown>>({});
  const [way, setWay] = useState<Way>('form');
  const [text, setText] = useState('');
  const [answer, setAnswer] = useState<IScoringAnswer | null>(null);
  const [problem, setProblem] = useState<IProblem | null>(null);
  const [isAsking, setAsking] = useState(false);
  const [told, unknown] = useAnswer(
    () => store.api.get<IRequestForm>(at('services', service.name, 'form')),
    [store, service.name, service.revision]
  );
  useEffect(() => {
    setProblem(unknown);
    if (!told) {
      return;
    }
    setForm(told);
    // what was typed stays when an update takes the same requests
    if (JSON.stringify(told.fields) !== JSON.stringify(form?.fields)) {
      setValues(Object.fromEntries(told.fields.map(field => [field.name, exampleOf(field)])));
      setText(JSON.stringify(told.sample ?? { data: [] }, null, 1));
      setWay(told.source === 'none' ? 'json' : 'form');
    }
  }, [told, unknown]);
  const composed = () => {
    const given = Object.fromEntries(form!.fields.map(field => [field.name, taken(field, values[field.name])]));
    const place = at('services', service.name, 'form');
    return store.api.post<IRequestBody>(place, { values: given }).then(told => told.body);
  };
  const change = async (next: Way) => {
    try {
      if (next === 'json' && way === 'form') {
        setText(JSON.stringify(await composed(), null, 1));
      }
      setWay(next);
    } catch (error) {
      setProblem(problemOf(error));
    }
  };
  const ask = async () => {
    setAsking(true);
    setProblem(null);
    try {
      const data = way === 'json' ? parsed(text) : await composed();
      setAnswer(await store.api.post<IScoringAnswer>(at('services', service.name, 'run'), { data }));
    } catch (error) {
      setAnswer(null);
      setProblem(problemOf(error));
    }
    setAsking(false);
  };
  return (
    <div className="mooring-Columns">
      <form
        className="mooring-Form"
        aria-label="Request"
        onSubmit={event => {
          event.preventDefault();
          void ask();
        }}
      >
        <div className="mooring-Tools">
          <h2>Request</h2>
          <span className="mooring-End mooring-Switch" role="group" aria-label="How to write it">
            {(['form', 'json'] as Way[]).map(each => (
              <button
                key={each}
                type="button"
                className="mooring-Button mooring-mod-small"
                aria-pressed={way === each}
                onClick={() => void change(each)}
              >
                {each === 'form' ? 'Form' : 'Raw JSON'}
              </button>
            ))}
          </span>
        </div>
        {way === 'json' && (
          <textarea
            className="mooring-Input mooring-Raw"
            aria-label="Request body"
            spellCheck={false}
            value={text}
            onChange={event => setText(event.target.value)}
          />
        )}
        {way === 'form' &&
          form?.fields.map(field => (
            <FieldInput
              key={field.name}
              field={field}
              value={values[field.name]}
              onChange={value => setValues({ ...values, [field.name]: value })}
            />
          ))}
        {form?.source === 'none' && (
          <p className="mooring-Quiet">
            Nothing is known about its requests. Register a sample with the model, or describe them in the script with
            inference-schema, and a form appears here.
          </p>
        )}
        <button
          className="mooring-Button mooring-mod-primary"
          type="submit"
          disabled={isAsking || (way === 'form' && form === null)}
        >
          {isAsking ? 'Asking…' : 'Test'}
        </button>
      </form>
      <section aria-label="Response" aria-live="polite">
        <h2>Response</h2>
        {problem && <ProblemCard problem={problem} />}
        {answer && (
          <>
            <p>
              <span className={`mooring-Status mooring-mod-${answer.status < 400 ? 'healthy' : 'failed'}`}>
                {answer.status}
              </span>{' '}
              <span className="mooring-Quiet">in {tellSeconds(answer.seconds)}</span>
            </p>
            <pre className="mooring-Code" data-answer tabIndex={0}>
              {shown(answer.answer)}
            </pre>
          </>
        )}
        {!answer && !problem && <p className="mooring-Quiet">The answer and its time appear here.</p>}
      </section>
    </div>
  );
}

/** Short answers on one line, long ones indented, and of a very long one its beginning. */
function shown(answer: unknown): string {
  const line = typeof answer === 'string' ? answer : JSON.stringify(answer);
  if (line.length > MOST_SHOWN) {
    return `${line.slice(0, MOST_SHOWN)}\n… the first ${MOST_SHOWN.toLocaleString()} of ${line.length.toLocaleString()} characters`;
  }
  return typeof answer === 'string' || line.length <= LONGEST_LINE ? line : JSON.stringify(answer, null, 1);
}

function exampleOf(field: IFormField): unknown {
  return field.kind === 'rows' ? cellsOf(field) : field.example;
}

/** JSON as its value; anything else is sent as the text it is. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
