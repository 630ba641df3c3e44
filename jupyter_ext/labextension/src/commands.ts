/** Names of the commands, and what they take. Everything a click does is a command: palette, menus and links share them. */

export const CommandIDs = {
  showPanel: 'mooring:show-panel',
  register: 'mooring:register-model',
  deploy: 'mooring:deploy',
  deployDemo: 'mooring:deploy-demo',
  openModel: 'mooring:open-model',
  deleteModel: 'mooring:delete-model',
  openService: 'mooring:open-service',
  updateService: 'mooring:update-service',
  reloadService: 'mooring:reload-service',
  rollbackService: 'mooring:rollback-service',
  deleteService: 'mooring:delete-service',
  registerEnvironment: 'mooring:register-environment',
  openSource: 'mooring:open-source',
  check: 'mooring:check-file',
  followLink: 'mooring:follow-link'
} as const;

export type ServiceTab = 'details' | 'consume' | 'logs' | 'test';
export type PanelTab = 'models' | 'endpoints' | 'environments' | 'compute';

/** Ends of file names that hold models; the server has the last word about what a file is. */
export const MODEL_FILES = [
  '.pkl', '.pickle', '.joblib', '.onnx', '.pt', '.pth', '.keras', '.h5', '.safetensors', '.ubj', '.cbm', '.mlmodel',
  '.pb', '.tflite'
];
