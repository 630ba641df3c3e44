/** Small facts in the words and signs of the editor. */

import * as vscode from 'vscode';

import type { Service, State } from './protocol';

const signs: Record<State, [icon: string, color: string]> = {
  Healthy: ['pass-filled', 'testing.iconPassed'],
  Transitioning: ['sync~spin', 'charts.blue'],
  Unhealthy: ['warning', 'list.warningForeground'],
  Unschedulable: ['warning', 'list.warningForeground'],
  Failed: ['error', 'list.errorForeground'],
};

export function iconOf(service: Service): vscode.ThemeIcon {
  const [icon, color] = signs[service.operation === null ? service.state : 'Transitioning'];
  return new vscode.ThemeIcon(icon, new vscode.ThemeColor(color));
}

/** How a service is, while it is being changed: what is going on. */
export function toldState(service: Service): string {
  if (service.operation === null) {
    return service.editedSince ? `${service.state} (edited since)` : service.state;
  }
  const { phase } = service;
  return phase === null ? service.operation.kind : `${phase.phase} ${phase.text}`.trim();
}

export function seconds(value: number): string {
  if (value < 0.01) {
    return `${(value * 1000).toFixed(1)} ms`;
  }
  return value < 1 ? `${(value * 1000).toFixed(0)} ms` : `${value.toFixed(1)} s`;
}

export function size(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${unit === 0 ? String(value) : value.toFixed(1)} ${units[unit] ?? ''}`;
}

/** `5 min ago`. */
export function ago(time: string, now = Date.now()): string {
  const past = Math.max(0, (now - new Date(time).getTime()) / 1000);
  for (const [unit, length] of [['d', 86_400], ['h', 3_600], ['min', 60]] as const) {
    if (past >= length) {
      return `${String(Math.floor(past / length))} ${unit} ago`;
    }
  }
  return 'just now';
}
