"""How does a stream of the Lab Streaming Layer become a sleeper's samples?

`asked` reads what a night.toml says, `library` loads pylsl and keeps it on this machine, `horizon` knows who is
announced, `identity` who it is, `layout` what its channels measure, `connection` holds one inlet, `stamps` and `offset`
give samples their night time, `source` watches over all of it; `outlet` streams a simulated sleeper the other way.
"""
