"""What does each person see? Pages, an API and live feeds over a house's records; no rule lives here."""
