"""Sessions, exams and reading: which questions to ask, how to ask them, where to record the answers."""
