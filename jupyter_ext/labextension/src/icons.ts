import { LabIcon } from '@jupyterlab/ui-components';

/** An anchor: the panel's sign. Drawn in the theme's icon colour. */
export const mooringIcon = new LabIcon({
  name: 'mooring:icon',
  svgstr: `<svg xmlns="http://www.w3.org/2000/svg" width="16" viewBox="0 0 24 24">
  <g class="jp-icon3" fill="#616161"><path d="M12 1.8a3.2 3.2 0 0 0-1.1 6.2v1.6H7.6v2h3.3v7.9c-3-.4-5.4-2.5-6.2-5.3l1.9.6.6-1.9L2.6 11.500 1.500 16.300l1.900.500.200-.9c1.200 3.700 4.600 6.300 8.400 6.300s7.200-2.600 8.400-6.300l.2.900 1.900-.500-1.100-4.800-4.600 1.400.6 1.900 1.900-.6c-.8 2.800-3.200 4.900-6.200 5.300v-7.900h3.300v-2h-3.300V8A3.200 3.200 0 0 0 12 1.800zm0 2a1.200 1.200 0 1 1 0 2.400 1.200 1.200 0 0 1 0-2.400z"/></g>
</svg>`
});
