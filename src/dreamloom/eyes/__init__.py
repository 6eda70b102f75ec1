"""Where do the eyes go, and do they say something? Saccades, rapid eye movements, agreed signals, answers."""
