"""What may be said to a person, and when?"""
