"""Who wrote the same code: winnowing over learners' own cells."""
