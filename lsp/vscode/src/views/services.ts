/** The services, each with what one asks about it first. */

import * as vscode from 'vscode';

import type { Service, ServiceDetails } from '../protocol';
import type { LanguageServer } from '../server/language-server';
import type { Placed, Store } from '../store';
import { ago, iconOf, seconds, toldState } from '../words';
import { StoreTree } from './store-tree';

/** A service in the tree; commands get it as their argument. */
export interface ServiceNode extends Placed<Service> {
  kind: 'service';
}

interface FactNode {
  kind: 'fact';
  label: string;
  description: string;
  icon: string;
  contextValue?: string;
  tooltip?: string;
  command?: vscode.Command;
}

type Node = ServiceNode | FactNode;

export class ServicesTree extends StoreTree<Node> {
  constructor(
    store: Store,
    private readonly server: LanguageServer,
  ) {
    super('mooring.services', store);
  }

  override getTreeItem(node: Node): vscode.TreeItem {
    return node.kind === 'service' ? serviceItem(node, this.store.overviews.length > 1) : factItem(node);
  }

  override async getChildren(node?: Node): Promise<Node[]> {
    if (node === undefined) {
      return this.store.services.map(placed => ({ kind: 'service', ...placed }));
    }
    return node.kind === 'service' ? await this.facts(node) : [];
  }

  protected override badge(): vscode.ViewBadge | undefined {
    const broken = this.store.services.filter(({ value }) => value.operation === null && value.state !== 'Healthy');
    const { length } = broken;
    return length === 0
      ? undefined
      : { value: length, tooltip: length === 1 ? '1 service needs attention' : `${String(length)} services need attention` };
  }

  private async facts(node: ServiceNode): Promise<FactNode[]> {
    const { workspace, value } = node;
    try {
      return factsOf(node, await this.server.request('mooring/service', { workspace, service: value.name }));
    } catch {
      return factsOf(node, { ...value, numbers: null }); // gone meanwhile: the tree is about to hear of it
    }
  }
}

function serviceItem({ workspace, value }: ServiceNode, tellsWorkspace: boolean): vscode.TreeItem {
  const item = new vscode.TreeItem(value.name, vscode.TreeItemCollapsibleState.Collapsed);
  item.id = JSON.stringify([workspace, value.name]);
  item.description = [toldState(value), ...value.modelIds, ...(tellsWorkspace ? [workspace] : [])].join(' · ');
  item.iconPath = iconOf(value);
  item.contextValue = contextOf(value);
  item.tooltip = tooltipOf(value);
  item.accessibilityInformation = { label: `Service ${value.name}, ${toldState(value)}` };
  return item;
}

/** Words that the manifest's `when` clauses look for. */
function contextOf(service: Service): string {
  const words = ['service', service.operation === null ? service.state.toLowerCase() : 'busy'];
  if (service.authEnabled) {
    words.push('keyed');
  }
  if (service.scriptUri !== null) {
    words.push('scripted');
  }
  if ((service.revision ?? 0) > 1) {
    words.push('revised');
  }
  if (service.error !== null) {
    words.push('told');
  }
  return words.join(' ');
}

function tooltipOf(service: Service): vscode.MarkdownString {
  const text = new vscode.MarkdownString(undefined, true);
  text.appendMarkdown(`**${service.name}** — ${toldState(service)}\n\n`);
  if (service.description !== '') {
    text.appendText(`${service.description}\n\n`);
  }
  if (service.error !== null) {
    text.appendText(`${service.error.cause} ${service.error.remedy}\n\n`);
  }
  text.appendMarkdown(`Runs as ${service.computeType.toLowerCase()}, updated ${ago(service.updatedTime)}`);
  return text;
}

function factsOf(node: ServiceNode, service: ServiceDetails): FactNode[] {
  const facts: FactNode[] = [];
  if (service.error !== null) {
    facts.push({
      kind: 'fact',
      label: service.error.cause,
      description: service.error.remedy,
      icon: 'error',
      tooltip: [service.error.cause, ...service.error.evidence, service.error.remedy].join('\n'),
      command: { title: 'Show the failure', command: 'mooring.showFailure', arguments: [node] },
    });
  }
  if (service.scoringUri !== null) {
    facts.push({
      kind: 'fact',
      label: service.scoringUri,
      description: service.authEnabled ? 'key' : service.tokenAuthEnabled ? 'token' : 'open',
      icon: 'link',
      tooltip: 'Copy the address',
      command: { title: 'Copy', command: 'mooring.copyUrl', arguments: [node] },
    });
  }
  if (service.numbers !== null) {
    facts.push({ kind: 'fact', ...numbersFact(service.numbers), icon: 'pulse' });
  }
  facts.push(...service.modelIds.map((id): FactNode => ({ kind: 'fact', label: id, description: 'model', icon: 'package' })));
  facts.push({
    kind: 'fact',
    label: service.computeType.toLowerCase(),
    description: service.target === service.computeType.toLowerCase() ? 'target' : `target ${service.target}`,
    icon: 'server-environment',
  });
  if (service.scriptUri !== null) {
    const uri = vscode.Uri.parse(service.scriptUri);
    facts.push({
      kind: 'fact',
      label: vscode.workspace.asRelativePath(uri),
      description: service.editedSince ? 'edited since the deployment' : '',
      icon: 'file-code',
      tooltip: uri.fsPath,
      command: { title: 'Open', command: 'vscode.open', arguments: [uri] },
    });
  }
  if (service.revision !== null) {
    facts.push({
      kind: 'fact',
      label: `revision ${String(service.revision)}`,
      description: ago(service.updatedTime),
      icon: 'history',
    });
  }
  return facts;
}

function numbersFact(numbers: NonNullable<ServiceDetails['numbers']>): { label: string; description: string } {
  const p99 = numbers.p99AtMostSeconds;
  return {
    label: `${String(numbers.count)} ${numbers.count === 1 ? 'request' : 'requests'}`,
    description: `${String(numbers.failed)} failed${p99 === null ? '' : ` · p99 at most ${seconds(p99)}`}`,
  };
}

function factItem(node: FactNode): vscode.TreeItem {
  const item = new vscode.TreeItem(node.label);
  item.description = node.description;
  item.iconPath = node.icon === 'error'
    ? new vscode.ThemeIcon('error', new vscode.ThemeColor('list.errorForeground'))
    : new vscode.ThemeIcon(node.icon);
  if (node.tooltip !== undefined) {
    item.tooltip = node.tooltip;
  }
  if (node.command !== undefined) {
    item.command = node.command;
  }
  return item;
}
