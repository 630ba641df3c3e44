/** The registered models, each with its versions. */

import * as vscode from 'vscode';

import type { Model, ModelName } from '../protocol';
import type { LanguageServer } from '../server/language-server';
import type { Placed, Store } from '../store';
import { ago, size } from '../words';
import { StoreTree } from './store-tree';

interface NameNode extends Placed<ModelName> {
  kind: 'name';
}

/** A version in the tree; commands get it as their argument. */
export interface VersionNode extends Placed<Model> {
  kind: 'version';
  users: string[];
}

interface MoreNode {
  kind: 'more';
  parent: NameNode;
}

type Node = NameNode | VersionNode | MoreNode;

const page = 100;

export class ModelsTree extends StoreTree<Node> {
  /** How many versions are shown of the models that have more than a page of them. */
  private readonly limits = new Map<string, number>();

  constructor(
    store: Store,
    private readonly server: LanguageServer,
  ) {
    super('mooring.models', store);
  }

  /** Show a page more of a model's versions. */
  showMore(name: string): void {
    this.limits.set(name, (this.limits.get(name) ?? page) + page);
    this.store.refresh();
  }

  override getTreeItem(node: Node): vscode.TreeItem {
    switch (node.kind) {
      case 'name':
        return nameItem(node);
      case 'version':
        return versionItem(node);
      default:
        return moreItem(node);
    }
  }

  override async getChildren(node?: Node): Promise<Node[]> {
    if (node === undefined) {
      return this.store.overviews.flatMap(({ workspace, models }) =>
        models.map((value): Node => ({ kind: 'name', workspace: workspace.name, value })),
      );
    }
    return node.kind === 'name' ? await this.versions(node) : [];
  }


  private async versions(node: NameNode): Promise<Node[]> {
    const { workspace, value } = node;
    const limit = this.limits.get(value.name) ?? page;
    const answer = await this.server.request('mooring/versions', { workspace, name: value.name, limit });
    const versions = answer.versions.map((model): Node => ({
      kind: 'version',
      workspace,
      value: model,
      users: this.usersOf(workspace, model.id),
    }));
    return answer.more ? [...versions, { kind: 'more', parent: node }] : versions;
  }

  private usersOf(workspace: string, id: string): string[] {
    return this.store.services
      .filter(placed => placed.workspace === workspace && placed.value.modelIds.includes(id))
      .map(placed => placed.value.name);
  }
}

function nameItem({ workspace, value }: NameNode): vscode.TreeItem {
  const item = new vscode.TreeItem(value.name, vscode.TreeItemCollapsibleState.Collapsed);
  item.id = JSON.stringify([workspace, value.name]);
  const versions = value.versions === 1 ? '1 version' : `${String(value.versions)} versions`;
  item.description = `${versions} · newest ${ago(value.latest.createdTime)}`;
  item.iconPath = new vscode.ThemeIcon('package');
  item.contextValue = 'model';
  item.tooltip = value.latest.description ?? value.name;
  return item;
}

function versionItem({ workspace, value, users }: VersionNode): vscode.TreeItem {
  const item = new vscode.TreeItem(value.id);
  item.id = JSON.stringify([workspace, value.id]);
  item.description = [
    size(value.sizeBytes),
    ago(value.createdTime),
    ...(users.length === 0 ? [] : [`serves in ${users.join(', ')}`]),
  ].join(' · ');
  item.iconPath = users.length === 0
    ? new vscode.ThemeIcon('tag')
    : new vscode.ThemeIcon('tag', new vscode.ThemeColor('testing.iconPassed'));
  item.contextValue = 'version';
  item.tooltip = versionTooltip(value);
  return item;
}

function versionTooltip(model: Model): vscode.MarkdownString {
  const text = new vscode.MarkdownString();
  text.appendMarkdown(`**${model.id}**\n\n`);
  if (model.description !== null && model.description !== '') {
    text.appendText(`${model.description}\n\n`);
  }
  const framework = [model.framework, model.frameworkVersion].filter(part => part !== null).join(' ');
  const tags = Object.entries(model.tags).map(([key, value]) => (value === '' ? key : `${key}: ${value}`));
  for (const fact of [framework, ...tags].filter(part => part !== '')) {
    text.appendText(`${fact}\n\n`);
  }
  text.appendText(`Registered ${new Date(model.createdTime).toLocaleString()}`);
  return text;
}

function moreItem({ parent }: MoreNode): vscode.TreeItem {
  const item = new vscode.TreeItem('More…');
  item.command = { title: 'More', command: 'mooring.moreVersions', arguments: [parent.value.name] };
  return item;
}
