"""A course: its files, pages, questions, sources and glossary, loaded, compiled and cached."""
