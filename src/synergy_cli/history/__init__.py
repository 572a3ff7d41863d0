"""The learner's history: events, logs, index, scheduling and progress."""
