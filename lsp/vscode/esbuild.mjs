/** Bundles the extension and its view, and brings along the schemas that the core publishes. */

import { cp, mkdir, rm } from 'node:fs/promises';
import { build } from 'esbuild';

const schemas = '../../core/mooring/configs/schemas';
const common = { bundle: true, minify: true, sourcemap: false, logLevel: 'warning', legalComments: 'none' };

await rm('dist', { recursive: true, force: true });
await mkdir('dist', { recursive: true });
await Promise.all([
  build({
    ...common,
    entryPoints: ['src/extension.ts'],
    outfile: 'dist/extension.js',
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    external: ['vscode'],
  }),
  build({
    ...common,
    entryPoints: ['webview/test-view.ts', 'webview/test-view.css'],
    outdir: 'dist',
    platform: 'browser',
    target: 'es2022',
    format: 'iife',
  }),
  cp(schemas, 'dist/schemas', { recursive: true }),
  cp('../../LICENSE', 'LICENSE'),
]);
