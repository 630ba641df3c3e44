"""When and where the script runs: the queue, the thread, the deadlines."""
