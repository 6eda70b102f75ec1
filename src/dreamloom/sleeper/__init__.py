"""What would a sleeper do? Simulated people, nights and signals: plumbing for tests and demos, evidence of nothing."""
