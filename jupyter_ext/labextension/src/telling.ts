/** Times and sizes in the words people use; decimal units, as on the command line. */

export function tellSize(bytes: number): string {
  let rest = bytes;
  for (const unit of ['B', 'kB', 'MB', 'GB']) {
    if (rest < 1000) {
      return unit === 'B' ? `${rest} B` : `${rest.toFixed(1)} ${unit}`;
    }
    rest /= 1000;
  }
  return `${rest.toFixed(1)} TB`;
}

export function tellSeconds(seconds: number): string {
  if (seconds < 0.1) {
    return `${(seconds * 1000).toFixed(1)} ms`;
  }
  return seconds < 10 ? `${seconds.toFixed(1)} s` : `${Math.round(seconds)} s`;
}

export function tellWhen(time: string): string {
  const seconds = (Date.now() - Date.parse(time)) / 1000;
  if (seconds < 60) {
    return 'just now';
  }
  const steps: Array<[number, string]> = [
    [60, 'min'],
    [3600, 'h'],
    [86_400, 'd']
  ];
  const [size, unit] = steps.filter(([least]) => seconds >= least).pop()!;
  return seconds < 30 * 86_400 ? `${Math.floor(seconds / size)} ${unit} ago` : new Date(time).toLocaleDateString();
}
