"""The life of a service: states, events, use cases (deploy, update, reload, delete), keys and logs.

A *target* is where a service runs; it joins by the entry point group `mooring.targets` and keeps the promises
of `mooring.deployments.target.Target`. Everything else here is the same for every target.
"""
