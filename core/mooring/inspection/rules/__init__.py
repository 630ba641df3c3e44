"""The rules over entry scripts: one file a subject, each rule's page beside the function that looks for it."""
