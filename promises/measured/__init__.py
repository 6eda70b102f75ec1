"""The promises themselves, one module a subject; every module here is found by itself."""
