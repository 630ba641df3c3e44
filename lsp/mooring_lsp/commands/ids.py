"""The names of the commands, as clients know them."""

from __future__ import annotations

DEPLOY = "mooring.deploy"
REGISTER_MODEL = "mooring.registerModel"
TEST = "mooring.test"
UPDATE = "mooring.update"
RELOAD = "mooring.reload"
ROLLBACK = "mooring.rollback"
STOP = "mooring.stop"
SHOW_LOGS = "mooring.showLogs"
SHOW_SERVICE = "mooring.showService"
ACTIONS = "mooring.actions"
CREATE_INFERENCE = "mooring.createInferenceConfig"
CREATE_DEPLOYMENT = "mooring.createDeploymentConfig"
ADD_PACKAGE = "mooring.addPackage"
GENERATE_SAMPLE = "mooring.generateSample"
