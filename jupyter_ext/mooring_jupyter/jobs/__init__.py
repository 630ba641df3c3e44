"""Long work: each job runs in a process of its own and writes down what it does.

A process, because a build takes minutes of processor time and must hold up nobody; because Ctrl-C is how the core is
told to undo what it began; and because work should outlive a restart of the server. What is written down is the
truth: every tab, and every server on the same home, reads the same lines.
"""
