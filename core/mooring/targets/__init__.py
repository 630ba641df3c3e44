"""The places a service can run in, one folder each; none knows another."""
