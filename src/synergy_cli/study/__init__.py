"""Sessions, exams and reading: what to ask, how it is asked, where answers are recorded."""
