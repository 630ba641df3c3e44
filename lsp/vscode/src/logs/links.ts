/** From a line of a traceback to the line of the source. */

import * as vscode from 'vscode';

import type { Logs } from './logs';
import { logLanguage } from './service-log';

export function linkLogs(logs: Logs): vscode.Disposable {
  return vscode.languages.registerDocumentLinkProvider(
    { language: logLanguage },
    { provideDocumentLinks: document => linksIn(document, logs) },
  );
}

function linksIn(document: vscode.TextDocument, logs: Logs): vscode.DocumentLink[] {
  const links: vscode.DocumentLink[] = [];
  const all = [...logs.all()];
  for (let number = 0; number < document.lineCount; number++) {
    const { text } = document.lineAt(number);
    const found = all.flatMap(log => log.linksOf(text));
    for (const { start, end, uri, line } of found.slice(0, 1)) {
      const target = vscode.Uri.parse(uri).with({ fragment: `L${String(line)}` });
      const link = new vscode.DocumentLink(new vscode.Range(number, start, number, end), target);
      link.tooltip = 'Go to the source';
      links.push(link);
    }
  }
  return links;
}
