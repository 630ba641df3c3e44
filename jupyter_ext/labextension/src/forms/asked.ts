/** What the deploy form asks for, and how that travels. */

import { IDeployment, IFileFacts, IService } from '../api/types';

export type Source = 'config' | 'script' | 'same';
export type Around = 'none' | 'conda' | 'registered';

export interface IAsked {
  isUpdate: boolean;
  name: string;
  overwrite: boolean;
  models: string[];
  source: Source;
  inferenceConfig: string;
  entryScript: string;
  around: Around;
  condaFile: string;
  environment: string;
  computeType: string;
  deploymentConfig: string;
  settings: Record<string, unknown>;
}

export function nothingAsked(): IAsked {
  return {
    isUpdate: false,
    name: '',
    overwrite: false,
    models: [],
    source: 'script',
    inferenceConfig: '',
    entryScript: '',
    around: 'none',
    condaFile: '',
    environment: '',
    computeType: 'process',
    deploymentConfig: '',
    settings: {}
  };
}

/** A deployment that begins with a file: the server's own proposal. */
export function askedOf(facts: IFileFacts): IAsked {
  const asked = nothingAsked();
  const proposal = facts.proposal;
  asked.name = proposal?.service ?? facts.suggestedName;
  asked.models = facts.registered.length ? facts.registered.slice(0, 1) : (proposal?.models ?? []);
  if (!proposal) {
    return asked;
  }
  asked.isUpdate = proposal.exists;
  asked.source = proposal.inferenceConfig ? 'config' : 'script';
  asked.inferenceConfig = proposal.inferenceConfig ?? '';
  asked.entryScript = proposal.entryScript ?? '';
  asked.around = proposal.condaFile ? 'conda' : 'none';
  asked.condaFile = proposal.condaFile ?? '';
  asked.deploymentConfig = proposal.deploymentConfig ?? '';
  asked.computeType = proposal.computeType;
  return asked;
}

export function askedOfService(service: IService): IAsked {
  const asked = nothingAsked();
  return {
    ...asked,
    isUpdate: true,
    name: service.name,
    models: service.modelIds,
    source: 'same',
    computeType: service.computeType.toLowerCase()
  };
}

export function isComplete(asked: IAsked): boolean {
  const hasSource = {
    same: true,
    config: asked.inferenceConfig !== '',
    script: asked.entryScript !== ''
  }[asked.source];
  return asked.name !== '' && hasSource;
}

export function bodyOf(asked: IAsked): IDeployment {
  const body: IDeployment = { models: asked.models };
  if (asked.source === 'config') {
    body.inferenceConfig = asked.inferenceConfig;
  } else if (asked.source === 'script') {
    body.entryScript = asked.entryScript;
    if (asked.around === 'conda' && asked.condaFile) {
      body.condaFile = asked.condaFile;
    }
  }
  if (asked.around === 'registered' && asked.environment) {
    body.environment = asked.environment;
  }
  if (asked.deploymentConfig) {
    body.deploymentConfig = asked.deploymentConfig;
  } else if (!asked.isUpdate) {
    body.computeType = asked.computeType;
  }
  const settings = Object.entries(asked.settings).filter(([, value]) => value !== '' && value !== undefined);
  if (settings.length) {
    body.settings = Object.fromEntries(settings);
  }
  return body;
}
