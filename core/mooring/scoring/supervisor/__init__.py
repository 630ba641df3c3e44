"""A service as a tree of processes that outlives the shell that started it: master, zygotes, workers.

The *master* owns the listening socket, the log and the control socket. Per environment it starts a *zygote* in
that environment's interpreter, which forks the *workers*; once the first worker answers, the zygote imports what
that worker had imported, so that later workers start warm. Standard library only: the master runs on any Python.
"""
