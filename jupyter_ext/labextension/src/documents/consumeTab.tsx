import { Dialog, showDialog } from '@jupyterlab/apputils';
import React, { useState } from 'react';

import { at, problemOf } from '../api/request';
import { IConsume, IKeys, IProblem, IService, ISnippet, IToken } from '../api/types';
import { CopyButton, Facts, ProblemCard, Tabs, useAnswer } from '../parts';
import { Store } from '../store';

/** How others ask the service: address, keys on demand, programs. */
export function ConsumeTab({ store, service }: { store: Store; service: IService }): JSX.Element {
  const [language, setLanguage] = useState('python');
  const [told, problem] = useAnswer(
    () => store.api.get<IConsume>(at('services', service.name, 'consume')),
    [store, service.name, service.scoringUri]
  );
  const snippets: ISnippet[] = told?.snippets ?? [];
  const shown = snippets.find(each => each.language === language) ?? snippets[0];
  return (
    <>
      <Facts
        facts={{
          'REST endpoint': service.scoringUri && (
            <>
              <code>{service.scoringUri}</code> <CopyButton text={service.scoringUri} label="Copy the REST endpoint" />
            </>
          )
        }}
      />
      <Secrets store={store} service={service} />
      {problem && <ProblemCard problem={problem} />}
      {shown && (
        <>
          <Tabs
            label="Language"
            tabs={snippets.map(each => [each.language, each.title] as [string, string])}
            chosen={shown.language}
            onChoose={setLanguage}
          />
          <div className="mooring-Snippet" role="tabpanel" aria-label={shown.title}>
            <div className="mooring-Tools">
              <code className="mooring-Quiet">{shown.fileName}</code>
              <span className="mooring-End">
                <CopyButton text={shown.text} label={`Copy the ${shown.title} program`} />
              </span>
            </div>
            <pre className="mooring-Code" tabIndex={0}>{shown.text}</pre>
          </div>
        </>
      )}
    </>
  );
}

/** Keys or a token: asked for with a click, and forgotten when the tab is left. */
function Secrets({ store, service }: { store: Store; service: IService }): JSX.Element {
  const [told, setTold] = useState<Record<string, string> | null>(null);
  const [problem, setProblem] = useState<IProblem | null>(null);
  const kind = service.tokenAuthEnabled ? 'token' : service.authEnabled ? 'keys' : 'none';
  if (kind === 'none') {
    return <p className="mooring-Quiet mooring-Pad">It asks for no key: anybody who reaches the address is answered.</p>;
  }
  const ask = async (work: () => Promise<Record<string, string> | null>) => {
    try {
      setTold(await work());
      setProblem(null);
    } catch (error) {
      setProblem(problemOf(error));
    }
  };
  const show = () =>
    ask(async (): Promise<Record<string, string>> => {
      if (kind === 'token') {
        const token = await store.api.post<IToken>(at('services', service.name, 'token'));
        return { token: token.accessToken };
      }
      const keys = await store.api.post<IKeys>(at('services', service.name, 'keys'));
      return { primary: keys.primaryKey, secondary: keys.secondaryKey };
    });
  const regenerate = (key: string) =>
    ask(async () => {
      const answer = await showDialog({
        title: `Replace the ${key} key of ${service.name}?`,
        body: 'Programs that use it are refused from then on.',
        buttons: [Dialog.cancelButton(), Dialog.warnButton({ label: 'Replace' })]
      });
      if (!answer.button.accept) {
        return told;
      }
      await store.api.post(at('services', service.name, 'keys', 'regenerate'), { key });
      const keys = await store.api.post<IKeys>(at('services', service.name, 'keys'));
      return { primary: keys.primaryKey, secondary: keys.secondaryKey };
    });
  return (
    <section className="mooring-Secrets" aria-label="Keys">
      {problem && <ProblemCard problem={problem} />}
      {!told && (
        <button className="mooring-Button" onClick={() => void show()}>
          {kind === 'token' ? 'Get a token' : 'Show keys'}
        </button>
      )}
      {told && (
        <>
          <Facts
            facts={Object.fromEntries(
              Object.entries(told).map(([name, value]) => [
                name === 'token' ? 'Token' : `${name[0].toUpperCase()}${name.slice(1)} key`,
                <>
                  <code className="mooring-Secret">{value}</code> <CopyButton text={value} label={`Copy the ${name}`} />{' '}
                  {kind === 'keys' && (
                    <button
                      className="mooring-Button mooring-mod-small"
                      aria-label={`Replace the ${name} key`}
                      onClick={() => void regenerate(name)}
                    >
                      Replace…
                    </button>
                  )}
                </>
              ])
            )}
          />
          <button className="mooring-Button mooring-mod-small" onClick={() => setTold(null)}>
            Hide
          </button>
        </>
      )}
    </section>
  );
}
