/** Cells that write a script or a configuration, as files of their own for language servers: jupyterlab-lsp shows nothing in cells of magics. */

import { IExtractedCode, IForeignCodeExtractor, ILSPCodeExtractorsManager } from '@jupyterlab/lsp';

const MAGIC = /^%%(writefile|entry_script|inference_config|deployment_config|conda)\b([^\n]*)/i;
const DEFAULT_ENDINGS: Record<string, string> = {
  entry_script: 'py',
  inference_config: 'json',
  deployment_config: 'json',
  conda: 'yml'
};
const LANGUAGES: Record<string, string> = { py: 'python', json: 'json', yml: 'yaml' };

export function addCells(extractors: ILSPCodeExtractorsManager): void {
  Object.keys(LANGUAGES).forEach(ending => extractors.register(new WrittenFiles(ending), 'python'));
}

class WrittenFiles implements IForeignCodeExtractor {
  readonly language: string;
  readonly standalone = true;
  readonly cellType = ['code'];

  constructor(readonly fileExtension: string) {
    this.language = LANGUAGES[fileExtension];
  }

  hasForeignCode(code: string): boolean {
    return endingOf(code) === this.fileExtension;
  }

  /** The kernel's own document keeps the cell. */
  extractForeignCode(code: string): IExtractedCode[] {
    const lines = code.split('\n');
    const end = { line: lines.length - 1, column: lines[lines.length - 1].length };
    // The line of the magic stays, so that line numbers do; where there are comments it tells our server what is written.
    const first = this.language === 'json' ? '' : `#${lines[0]}`;
    const foreignCode = [first, ...lines.slice(1)].join('\n');
    return [{ hostCode: code, foreignCode, range: { start: { line: 0, column: 0 }, end }, virtualShift: null }];
  }
}

/** Of the file that a cell writes; undefined when it writes none, or adds to one. */
function endingOf(code: string): string | undefined {
  const found = MAGIC.exec(code);
  const words = found?.[2].split(/\s+/).filter(word => word !== '') ?? [];
  if (found === null || words.some(word => word === '-a' || word === '--append')) {
    return undefined;
  }
  const name = words.find(word => !word.startsWith('-'))?.replace(/['"]/g, '');
  const ending = name === undefined ? DEFAULT_ENDINGS[found[1].toLowerCase()] : name.split('.').pop()?.toLowerCase();
  return ending === 'yaml' ? 'yml' : ending;
}
